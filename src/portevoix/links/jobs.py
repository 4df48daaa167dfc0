"""What links do by themselves, in the worker's turn."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from portevoix.links import actions
from portevoix.links.judging import judge_batch
from portevoix.links.models import Click, SegmentProgress
from portevoix.links.segments import list_segments, read_segment
from portevoix.people.models import Organisation

CLICKS_PER_TURN: Final = 100_000  # so that other work gets its turn while a backlog is judged
RAW_CLICKS_KEPT: Final = timedelta(days=30)
CLICKS_KEPT: Final = timedelta(days=25 * 365 / 12)


def renew_visitor_secrets(now: datetime) -> int:
    """Every organisation has this month's and next month's secret, and none of the past; says how many changed."""
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
    return [path for path in list_segments(settings.CLICKS_ROOT) if _size(path) > judged.get(path.name, 0)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def erase_old_segments(now: datetime) -> int:
    """Erases the segments last written more than thirty days ago and judged to their end; says how many."""
    limit = (now - RAW_CLICKS_KEPT).timestamp()
    old = [path for path in list_segments(settings.CLICKS_ROOT) if path.stat().st_mtime < limit]
    finished = [path for path in old if _is_finished(path)]
    for path in finished:
        path.unlink(missing_ok=True)
        SegmentProgress.objects.filter(segment=path.name).delete()
    return len(finished)


def _is_finished(path: Path) -> bool:
    """Whether nothing is left to judge in it; a frame still torn after a month will not be completed."""
    progress = SegmentProgress.objects.filter(segment=path.name).first()
    if progress is None or progress.set_aside:
        return False
    return read_segment(path, progress.position, limit=1).end == progress.position


def erase_old_clicks(now: datetime) -> int:
    """Erases judged clicks after twenty-five months; says how many."""
    erased, _rows = Click.unscoped.filter(at__lt=now - CLICKS_KEPT).delete()
    return erased
