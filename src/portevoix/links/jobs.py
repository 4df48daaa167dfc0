"""What links do by themselves, in the worker's turn."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from portevoix.links import actions
from portevoix.links.judging import judge_batch
from portevoix.links.models import Click, SegmentProgress
from portevoix.links.segments import has_unread, list_segments, name_of
from portevoix.people.models import Organisation

CLICKS_PER_TURN: Final = 100_000  # so that other work gets its turn while a backlog is judged
CLICKS_KEPT: Final = timedelta(days=25 * 365 / 12)


def renew_visitor_secrets(now: datetime) -> int:
    """Every organisation has secrets for now and a week ahead, and none of the past; says how many changed."""
    organisations = Organisation.objects.values_list("pk", flat=True)
    return sum(actions.keep_visitor_secrets(organisation_id=one, now=now) for one in organisations)


def judge_new_clicks(now: datetime) -> int:
    """Judges the raw clicks that came since the last turn, at most 100,000; says how many were read."""
    count = 0
    for path in _unfinished():
        while count < CLICKS_PER_TURN:
            batch = judge_batch(path, now=now)
            count += batch.count
            if not batch.has_more:
                break
    return count


def _unfinished() -> list[Path]:
    """The segments that hold more than was judged, oldest first."""
    judged = dict(SegmentProgress.objects.values_list("segment", "position"))
    paths = list_segments(settings.CLICKS_ROOT)
    return [path for path in paths if has_unread(path, judged.get(name_of(path), 0))]


def erase_old_clicks(now: datetime) -> int:
    """Erases judged clicks after twenty-five months; says how many."""
    erased, _rows = Click.unscoped.filter(at__lt=now - CLICKS_KEPT).delete()
    return erased
