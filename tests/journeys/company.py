"""Makes one company a language, through the real actions, and prints who may sign in. Run by `conftest.installation`."""

import json
import sys
from datetime import UTC, datetime

import django

django.setup()

from portevoix.core import tenancy  # noqa: E402  Django must be up first
from portevoix.demo import line  # noqa: E402
from portevoix.demo.newsroom.articles import article_at  # noqa: E402
from portevoix.editorial.actions.disclosure import set_disclosure_line  # noqa: E402
from portevoix.editorial.actions.phrases import add_forbidden_phrase  # noqa: E402
from portevoix.editorial.actions.pillars import create_pillar  # noqa: E402
from portevoix.library.actions.captions import add_caption  # noqa: E402
from portevoix.library.actions.publishing import publish_story  # noqa: E402
from portevoix.library.actions.starting import start_story  # noqa: E402
from portevoix.people.actions.organisations import create_organisation  # noqa: E402
from portevoix.people.actions.participation import join_programme  # noqa: E402
from portevoix.people.actions.persons import create_person  # noqa: E402
from portevoix.people.actions.teams import create_team  # noqa: E402
from portevoix.people.models import Organisation, Person  # noqa: E402

PASSWORD = "deux-mots-de-passe"
ROLES = {
    "ines": ["editor"],
    "marc": ["manager"],
    "chloe": ["contributor"],
    "driss": ["administrator"],
    "noor": ["ambassador"],
}
TAKING_PART = ("chloe", "noor")
FORBIDDEN = {"fr": "le leader incontesté", "ar": "كهرباء مجانية"}
STORY = "https://atlas-energies.example/actualites/atelier-settat"
CAPTION = {
    "fr": "Douze apprentis, une centrale d’entraînement : à Settat, le métier s’apprend sur un vrai toit.",
    "ar": "اثنا عشر متدرّبًا ومحطّة للتدريب: في سطات نتعلّم المهنة فوق سطح حقيقي.",
}


def make(language: str, now: datetime) -> dict[str, str]:
    """The company of that language; gives everyone's address, and the story that is out already."""
    organisation = create_organisation(
        name="Atlas Énergies",
        website="https://atlas-energies.example/",
        language=language,
        time_zone="Africa/Casablanca",
        country="MA",
        mail_domains=["atlas-energies.example"],
        now=now,
    )
    with tenancy.acting_for(organisation.pk):
        write_line(organisation, language, now)
        people = hire(organisation, language, now)
        tell(people["ines"], language, now)
    article = article_at(STORY)
    addresses = {name: person.account.email for name, person in people.items()}
    return {**addresses, "story": article.title if article else "", "caption": CAPTION[language]}


def write_line(organisation: Organisation, language: str, now: datetime) -> None:
    """Three pillars, the disclosure line in every language, one wording to avoid."""
    for pillar in line.PILLARS[:3]:
        names = {str(code): name for code, name in pillar.names.items()}
        create_pillar(organisation=organisation, person=None, names=names, now=now)
    for code, text in line.DISCLOSURE.items():
        set_disclosure_line(organisation=organisation, person=None, language=code, text=text, now=now)
    phrase = next(one for one in line.FORBIDDEN if one.phrase == FORBIDDEN[language])
    add_forbidden_phrase(
        organisation=organisation,
        person=None,
        phrase=phrase.phrase,
        reason=phrase.reason,
        better=phrase.better,
        now=now,
    )


def hire(organisation: Organisation, language: str, now: datetime) -> dict[str, Person]:
    """One person a role, in one team; Chloé and Noor take part already."""
    team = create_team(organisation=organisation, name="Ventes", by=None, now=now)
    people = {
        name: create_person(
            organisation=organisation,
            email=f"{name}.{language}@atlas-energies.example",
            given_name=name.title(),
            roles=roles,
            team=team,
            language=language,
            time_zone="Africa/Casablanca",
            password=PASSWORD,
            now=now,
        )
        for name, roles in ROLES.items()
    }
    for name in TAKING_PART:
        join_programme(person=people[name], now=now)
    return people


def tell(editor: Person, language: str, now: datetime) -> None:
    """The one story that is out already, with the one caption that its people are proposed."""
    story = start_story(author=editor, link=STORY, now=now)
    add_caption(story=story, person=editor, language=language, text=CAPTION[language], now=now)
    publish_story(story=story, person=editor, confirm_destination=True, now=now)


if __name__ == "__main__":
    made = {language: make(language, datetime.now(UTC)) for language in ("fr", "ar")}
    json.dump(made, sys.stdout)
