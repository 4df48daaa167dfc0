"""Forbidden phrases: added with their reason and a better wording, changed, removed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.editorial.models import ForbiddenPhrase
from portevoix.editorial.rules import PHRASE_LENGTH, REASON_LENGTH, folded
from portevoix.people import trail
from portevoix.people.models import Language, Organisation, Person


@transaction.atomic
def add_forbidden_phrase(
    *,
    organisation: Organisation,
    person: Person | None,
    phrase: str,
    reason: str,
    now: datetime,
    better: str = "",
    language: str = "",
) -> ForbiddenPhrase:
    """Adds a phrase to avoid; refuses one without letters or reason, and one that is there already."""
    facts = _checked(phrase, reason, better, language)
    _refuse_twice(organisation.pk, facts["phrase"])
    row = ForbiddenPhrase.unscoped.create(organisation=organisation, **facts)
    _record(row, person, "add_forbidden_phrase", now)
    return row


@transaction.atomic
def change_forbidden_phrase(
    *,
    phrase: ForbiddenPhrase,
    person: Person,
    text: str,
    reason: str,
    now: datetime,
    better: str = "",
    language: str = "",
) -> ForbiddenPhrase:
    """Rewrites a phrase, its reason or its better wording; refuses what `add_forbidden_phrase` refuses."""
    facts = _checked(text, reason, better, language)
    _refuse_twice(phrase.organisation_id, facts["phrase"], but=phrase.pk)
    for name, value in facts.items():
        setattr(phrase, name, value)
    phrase.save(update_fields=list(facts))
    _record(phrase, person, "change_forbidden_phrase", now)
    return phrase


@transaction.atomic
def remove_forbidden_phrase(*, phrase: ForbiddenPhrase, person: Person, now: datetime) -> ForbiddenPhrase:
    """Removes a phrase: captions may use it again."""
    _record(phrase, person, "remove_forbidden_phrase", now)
    phrase.delete()
    return phrase


def _checked(phrase: str, reason: str, better: str, language: str) -> dict[str, str]:
    kept = {"phrase": " ".join(phrase.split()), "reason": reason.strip(), "better": better.strip()}
    if not any(letter.isalnum() for letter in kept["phrase"]):
        raise Refusal("no_phrase", _("Write the phrase to avoid."), field="phrase")
    if not kept["reason"]:
        raise Refusal("no_reason", _("Say why: people follow a rule that they understand."), field="reason")
    for name, limit in (("phrase", PHRASE_LENGTH), ("better", PHRASE_LENGTH), ("reason", REASON_LENGTH)):
        if len(kept[name]) > limit:
            raise Refusal(
                "too_long", _("%(limit)s characters at most, please."), field=name, facts={"limit": limit}
            )
    if language and language not in Language.values:
        raise Refusal("unknown_language", _("Portevoix does not speak this language."), field="language")
    return {**kept, "language": language}


def _refuse_twice(organisation_id: int, phrase: str, but: int = 0) -> None:
    others = ForbiddenPhrase.unscoped.filter(organisation_id=organisation_id).exclude(pk=but)
    if folded(phrase) in {folded(other) for other in others.values_list("phrase", flat=True)}:
        raise Refusal("phrase_exists", _("This phrase is in the list already."), field="phrase")


def _record(row: ForbiddenPhrase, person: Person | None, act: str, now: datetime) -> None:
    trail.record(
        organisation_id=row.organisation_id,
        person=person,
        act=act,
        subject=row.code,
        now=now,
        phrase=row.phrase,
    )
