"""Work on notices: a letter for what waits, six at most, and forgetting what was told long ago."""

import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portevoix.core import tenancy, work
from portevoix.core.errors import Refusal, Sentence
from portevoix.core.spoken import day_and_month
from portevoix.notifications.kinds import Kind, kind_of
from portevoix.notifications.models import Notice
from portevoix.people import letters
from portevoix.people.letters import Letter

log = logging.getLogger(__name__)
MOST_AT_ONCE = 6
KEPT = timedelta(days=90)


def send_notice(notice: Notice, now: datetime) -> None:
    """Sends a claimed notice, and with it whatever else waits for the same person."""
    with tenancy.acting_for(notice.organisation_id):
        person = notice.person
        if not person.is_active or not person.account.is_active or kind_of(notice.kind) is None:
            work.settle(notice, due_at=None, dropped_at=now)
            return
        others = _others(notice, now)
        try:
            letters.send(
                _letter([notice, *others]), to=person.account.email, language=person.account.language
            )
        except Refusal as refusal:
            wait = work.back_off(notice.attempts, base=timedelta(minutes=1), ceiling=timedelta(hours=2))
            work.settle(notice, due_at=now + wait, error=str(refusal.__cause__)[:500])
            return
        Notice.unscoped.filter(pk__in=[other.pk for other in others]).update(sent_at=now, due_at=None)
        work.settle(notice, due_at=None, sent_at=now)


def _others(notice: Notice, now: datetime) -> list[Notice]:
    waiting = Notice.unscoped.filter(
        person=notice.person, sent_at=None, dropped_at=None, due_at__lte=now, claimed_until=None
    )
    found = waiting.exclude(pk=notice.pk).order_by("created_at", "pk")
    return [other for other in found if kind_of(other.kind)][: MOST_AT_ONCE - 1]


def _letter(notices: list[Notice]) -> Letter:
    """One sentence a notice; alone, it gives the letter its subject."""
    first, *more = notices
    several = ngettext_lazy("%(count)s thing to look at", "%(count)s things to look at", len(notices))
    alone = _kind(first).subject
    return Letter(
        subject=_said(several, {"count": len(notices)}) if more else _said(alone, first.facts),
        sentences=(_("Hello,"), *(_said(_kind(one).sentence, one.facts) for one in notices)),
        button=_("See it in Portevoix"),
        address=f"{settings.PUBLIC_ADDRESS}{first.path}",
        note=_("You receive this because you publish from Portevoix. Nothing is ever posted without you."),
    )


def _kind(notice: Notice) -> Kind:
    return kind_of(notice.kind) or Kind(notice.kind, "", "")


def _said(words: Sentence, facts: dict[str, object]) -> Sentence:
    """Words whose holes are filled when they are said, in the language of that moment."""
    said: Sentence = lazy(lambda: str(words) % _spoken(facts), str)()
    return said


def _spoken(facts: dict[str, object]) -> dict[str, object]:
    """The facts as one says them: a day, kept as 2026-12-09, is the 9th of December."""
    if "day" not in facts:
        return facts
    return {**facts, "day": day_and_month(date.fromisoformat(str(facts["day"])))}


NOTICES = work.RowWork(
    model=Notice,
    act=send_notice,
    rows=lambda: Notice.unscoped.select_related("person__account", "person__organisation").filter(
        sent_at=None, dropped_at=None
    ),
)


def erase_old_notices(now: datetime) -> int:
    """Erases what was told, or dropped, three months ago; says how many."""
    erased_count: int = Notice.unscoped.filter(created_at__lt=now - KEPT, due_at=None).delete()[0]
    return erased_count
