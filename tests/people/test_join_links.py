"""Join links: only addresses of the company, only once proved, only while open."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from cast import Cast
from portevoix.core.errors import Refusal
from portevoix.people import tokens
from portevoix.people.actions import join_links, persons
from portevoix.people.models import Account, JoinLink, Participation, Person


@pytest.fixture
def link(cast: Cast, now: datetime) -> JoinLink:
    return join_links.open_join_link(by=cast.marc, team=cast.ana.team, now=now)


def asked(link: JoinLink, email: str = "zoe@atlas.example") -> tokens.JoinRequest:
    return tokens.JoinRequest(link.code, email, "Zoé", "", "fr")


def test_asking_creates_nothing_and_mails_a_proof(link: JoinLink, now: datetime) -> None:
    before = Account.objects.count()

    join_links.ask_to_join(link=link, email="Zoe@Atlas.example", given_name="Zoé", now=now)

    assert Account.objects.count() == before
    token = mail.outbox[0].body.split("/join/confirm/")[1].split()[0]
    assert tokens.join_request(token, now=now) == asked(link)


@pytest.mark.parametrize(
    "email",
    ["zoe@other.example", "zoe@sub.atlas.example", "zoe@atlas.example.evil.example", "zoe@atlas.examples"],
)
def test_address_of_another_domain_is_refused(link: JoinLink, now: datetime, email: str) -> None:
    with pytest.raises(Refusal) as refused:
        join_links.ask_to_join(link=link, email=email, given_name="Zoé", now=now)

    assert (refused.value.code, refused.value.field, mail.outbox) == ("other_domain", "email", [])


def test_proved_address_joins_with_one_tap(link: JoinLink, cast: Cast, now: datetime) -> None:
    person = join_links.join_by_link(link=link, request=asked(link), now=now)

    assert person.participation == Participation.JOINED
    assert person.roles == {"ambassador"}
    assert person.team == cast.ana.team


def test_proof_is_good_for_a_day(link: JoinLink, now: datetime) -> None:
    token = tokens.join_token(asked(link), now=now)

    with pytest.raises(Refusal):
        tokens.join_request(token, now=now + timedelta(hours=24, seconds=1))


def test_closed_link_lets_nobody_in(link: JoinLink, cast: Cast, now: datetime) -> None:
    join_links.close_join_link(link=link, by=cast.marc, now=now)

    with pytest.raises(Refusal):
        join_links.join_by_link(link=link, request=asked(link), now=now)

    assert not Person.objects.filter(account__email="zoe@atlas.example").exists()


def test_ended_access_is_not_opened_again_by_a_link(link: JoinLink, cast: Cast, now: datetime) -> None:
    persons.deactivate_person(person=cast.ana, by=cast.driss, now=now)

    with pytest.raises(Refusal):
        join_links.join_by_link(link=link, request=asked(link, cast.ana.account.email), now=now)


def test_link_needs_a_mail_domain(cast: Cast, now: datetime) -> None:
    cast.marc.organisation.mail_domains = []

    with pytest.raises(Refusal) as refused:
        join_links.open_join_link(by=cast.marc, now=now)

    assert refused.value.code == "no_mail_domain"
