"""The people of the demo: how many, where, and with which parts to play."""

from collections import Counter

from portevoix.demo import company
from portevoix.people.roles import Role


def test_company_has_sixty_people_in_eight_teams_and_two_countries() -> None:
    people = company.ATLAS.people

    assert len(people) == 60
    assert {person.team for person in people} - {None} == {team.key for team in company.ATLAS_TEAMS}
    assert len(company.ATLAS_TEAMS) == 8
    assert {person.country for person in people} == {"MA", "FR"}


def test_company_has_one_team_under_five_so_that_merging_shows() -> None:
    sizes = Counter(person.team for person in company.ATLAS.people if person.team)

    assert [team for team, size in sizes.items() if size < 5] == ["direction"]


def test_people_have_addresses_of_their_own_at_invented_domains() -> None:
    for organisation in company.ORGANISATIONS:
        addresses = [person.email for person in organisation.people]

        assert len(set(addresses)) == len(addresses)
        assert all(address.isascii() and address.endswith(".example") for address in addresses)


def test_people_have_names_of_their_own() -> None:
    names = [(p.given_name, p.family_name) for p in {*company.ATLAS.people, *company.SAISS.people}]

    assert len(set(names)) == len(names)


def test_roles_are_those_of_the_product() -> None:
    played = {role for organisation in company.ORGANISATIONS for p in organisation.people for role in p.roles}

    assert played == set(Role.values)


def test_consultant_works_for_both_organisations() -> None:
    assert [company.SALMA in organisation.people for organisation in company.ORGANISATIONS] == [True, True]


def test_address_has_neither_accents_nor_spaces() -> None:
    assert company.address("Réda", "Chraïbi Alaoui", "a.example") == "reda.chraibi-alaoui@a.example"
