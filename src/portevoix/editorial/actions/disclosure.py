"""The disclosure line: the sentence that says whom the author works for."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.editorial.models import DisclosureLine
from portevoix.editorial.rules import DISCLOSURE_LENGTH
from portevoix.people import trail
from portevoix.people.models import Language, Organisation, Person


@transaction.atomic
def set_disclosure_line(
    *, organisation: Organisation, person: Person | None, language: str, text: str, now: datetime
) -> DisclosureLine:
    """Writes the line of one language; refuses an empty one, one over 120 characters and an unknown language."""
    kept = " ".join(text.split())
    if language not in Language.values:
        raise Refusal("unknown_language", _("Portevoix does not speak this language."), field="language")
    if not kept:
        raise Refusal(
            "no_disclosure", _("Write the line: it says whom the author works for."), field=language
        )
    if len(kept) > DISCLOSURE_LENGTH:
        raise Refusal(
            "disclosure_too_long",
            _("%(limit)s characters at most: the line stands first in every post."),
            field=language,
            facts={"limit": DISCLOSURE_LENGTH},
        )
    line, _is_new = DisclosureLine.unscoped.update_or_create(
        organisation=organisation, language=language, defaults={"text": kept}
    )
    trail.record(
        organisation_id=organisation.pk, person=person, act="set_disclosure_line", subject=language, now=now
    )
    return line
