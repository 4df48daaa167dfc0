"""How far behind the clicks the figures are: of the whole installation, as far as this machine can see its segments."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Min

from portevoix.links.models import JudgedBatch, SegmentProgress
from portevoix.links.segments import has_unread, list_segments, name_of, read_segment

USUAL: Final = timedelta(seconds=10)  # where clicks come all the time, some are always on their way


@dataclass(frozen=True)
class Lateness:
    """When the earliest click came that no figure holds yet; None when they hold all."""

    waiting_since: datetime | None
    behind: timedelta

    @property
    def is_late(self) -> bool:
        """Whether that is longer than clicks usually take."""
        return self.behind > USUAL


def lateness(now: datetime) -> Lateness:
    """How far the figures are behind at that moment."""
    waiting = [moment for moment in (_not_counted(), *_not_judged()) if moment is not None]
    if not waiting:
        return Lateness(None, timedelta())
    first = datetime.fromtimestamp(min(waiting) / 1000, UTC)
    return Lateness(first, max(now - first, timedelta()))


def _not_counted() -> int | None:
    first: int | None = JudgedBatch.objects.filter(is_counted=False).aggregate(first=Min("first_ms"))["first"]
    return first


def _not_judged() -> list[int]:
    """The moments of the first clicks that are not judged, one of each segment that this machine has."""
    judged = dict(SegmentProgress.objects.values_list("segment", "position"))
    moments = []
    for path in list_segments(settings.CLICKS_ROOT):
        position = judged.get(name_of(path), 0)
        if has_unread(path, position):
            try:
                moments += [click.at_ms for click in read_segment(path, position, limit=1).clicks]
            except OSError:  # erased, or unreadable: judging says so
                continue
    return moments
