"""Work that comes due: the mails of invitations, one first and one reminder."""

import logging
from datetime import datetime, timedelta

from portevoix.core import tenancy, work
from portevoix.core.errors import Refusal
from portevoix.people import letters
from portevoix.people.models import Invitation
from portevoix.people.rules import INVITATION_KEPT, REMINDER_AFTER

log = logging.getLogger(__name__)


def send_invitation(row: Invitation, now: datetime) -> bool:
    """Sends what a claimed row calls for: the invitation, then its reminder, then nothing ever again.

    A mail that cannot leave is tried again later and keeps its error. Says whether one left.
    """
    with tenancy.acting_for(row.organisation_id):
        return _send(row, now)


def _send(row: Invitation, now: datetime) -> bool:
    if not row.is_open(now) or row.reminded_at:
        work.settle(row, due_at=None)
        return False
    is_reminder = row.sent_at is not None
    letter = letters.reminder(row) if is_reminder else letters.invitation(row)
    try:
        letters.send(letter, to=row.email, language=row.language)
    except Refusal as refusal:
        log.warning("The invitation %s was not sent: %s", row.code, refusal.__cause__)
        wait = work.back_off(row.attempts, base=timedelta(minutes=1), ceiling=timedelta(hours=2))
        work.settle(row, due_at=now + wait, error=str(refusal.__cause__)[:500])
        return False
    if is_reminder:
        work.settle(row, due_at=None, reminded_at=now)
    else:
        work.settle(row, due_at=now + REMINDER_AFTER, sent_at=now)
    return True


INVITATIONS = work.RowWork(
    model=Invitation,
    act=send_invitation,
    rows=lambda: Invitation.unscoped.select_related("organisation", "invited_by"),
)


def erase_old_invitations(now: datetime) -> int:
    """Erases invitations that ran out unanswered a month ago: an address is not kept for having been invited."""
    old = Invitation.unscoped.filter(accepted_at__isnull=True, expires_at__lt=now - INVITATION_KEPT)
    erased_count: int = old.delete()[0]
    return erased_count
