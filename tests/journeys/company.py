"""Makes one company a language, through the real actions, and prints who may sign in. Run by `conftest.installation`."""

import json
import sys
from datetime import UTC, datetime

import django

django.setup()

from portevoix.core import tenancy  # noqa: E402  Django must be up first
from portevoix.demo import line  # noqa: E402
from portevoix.editorial.actions.disclosure import set_disclosure_line  # noqa: E402
from portevoix.editorial.actions.phrases import add_forbidden_phrase  # noqa: E402
from portevoix.editorial.actions.pillars import create_pillar  # noqa: E402
from portevoix.people.actions.organisations import create_organisation  # noqa: E402
from portevoix.people.actions.participation import join_programme  # noqa: E402
from portevoix.people.actions.persons import create_person  # noqa: E402
from portevoix.people.actions.teams import create_team  # noqa: E402

PASSWORD = "deux-mots-de-passe"
ROLES = {
    "ines": ["editor"],
    "marc": ["manager"],
    "chloe": ["contributor"],
    "driss": ["administrator"],
}


def make(language: str, now: datetime) -> dict[str, str]:
    """The company of that language; gives everyone's address."""
    organisation = create_organisation(
        name="Atlas Énergies",
        website="https://atlas-energies.example/",
        language=language,
        time_zone="Africa/Casablanca",
        country="MA",
        mail_domains=["atlas-energies.example"],
        now=now,
    )
    people = {}
    with tenancy.acting_for(organisation.pk):
        team = create_team(organisation=organisation, name="Ventes", by=None, now=now)
        for pillar in line.PILLARS[:3]:
            create_pillar(
                organisation=organisation,
                person=None,
                names={str(code): name for code, name in pillar.names.items()},
                now=now,
            )
        for code, text in line.DISCLOSURE.items():
            set_disclosure_line(organisation=organisation, person=None, language=code, text=text, now=now)
        phrase = line.FORBIDDEN[0]
        add_forbidden_phrase(
            organisation=organisation,
            person=None,
            phrase=phrase.phrase,
            reason=phrase.reason,
            better=phrase.better,
            now=now,
        )
        for name, roles in ROLES.items():
            email = f"{name}.{language}@atlas-energies.example"
            person = create_person(
                organisation=organisation,
                email=email,
                given_name=name.title(),
                roles=roles,
                team=team,
                language=language,
                time_zone="Africa/Casablanca",
                password=PASSWORD,
                now=now,
            )
            people[name] = email
            if roles == ["contributor"]:
                join_programme(person=person, now=now)
    return people


if __name__ == "__main__":
    made = {language: make(language, datetime.now(UTC)) for language in ("fr", "ar")}
    json.dump(made, sys.stdout)
