"""Reads about the editorial line. Objects reach a page only through a `get_…_for`."""

from django.db.models import QuerySet

from portevoix.core.errors import NotFound
from portevoix.editorial.models import DisclosureLine, ForbiddenPhrase, Pillar
from portevoix.people.models import Person
from portevoix.people.roles import Ability


def pillars() -> QuerySet[Pillar]:
    """The pillars in use of the organisation in force, in the order the editors gave them."""
    rows: QuerySet[Pillar] = Pillar.objects.filter(archived_at=None).order_by("position", "pk")
    return rows


def archived_pillars() -> QuerySet[Pillar]:
    """The pillars that were put away, last first."""
    rows: QuerySet[Pillar] = Pillar.objects.exclude(archived_at=None).order_by("-archived_at")
    return rows


def get_pillar_for(person: Person, code: str) -> Pillar:
    """A pillar of the organisation, for those who write stories or edit the line."""
    admitted = person.may(Ability.EDIT_LINE) or person.may(Ability.WRITE_STORIES)
    found: Pillar | None = Pillar.objects.filter(code=code).first() if admitted else None
    if found is None:
        raise NotFound("pillar")
    return found


def disclosure_lines() -> dict[str, str]:
    """The disclosure line in each language that has one: {"fr": "Je travaille chez …", …}."""
    return dict(DisclosureLine.objects.values_list("language", "text"))


def forbidden_phrases() -> QuerySet[ForbiddenPhrase]:
    """The phrases to avoid, in the order they were added: the first is rule 1."""
    rows: QuerySet[ForbiddenPhrase] = ForbiddenPhrase.objects.order_by("pk")
    return rows


def get_phrase_for(person: Person, code: str) -> ForbiddenPhrase:
    """A phrase of the organisation, for those who edit the line."""
    found: ForbiddenPhrase | None = (
        ForbiddenPhrase.objects.filter(code=code).first() if person.may(Ability.EDIT_LINE) else None
    )
    if found is None:
        raise NotFound("phrase")
    return found
