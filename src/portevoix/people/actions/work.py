"""What an administrator does about work that failed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portevoix.core import work
from portevoix.core.errors import Refusal
from portevoix.core.work import RowWork, WorkRow
from portevoix.people import trail
from portevoix.people.models import Person


@transaction.atomic
def retry_work(*, kind: RowWork, row: WorkRow, by: Person, now: datetime) -> None:
    """Has a row that failed tried again at once; refuses what may not be tried twice, and what did not fail."""
    if not kind.may_retry:
        raise Refusal(
            "no_retry", _("This is looked into by itself: trying it again by hand might do it twice.")
        )
    if not work.retry(row=row, now=now):
        raise Refusal("not_failed", _("This is being done already, or went well meanwhile."))
    trail.record(organisation_id=by.organisation_id, person=by, act="retry_work", subject=kind.key, now=now)
