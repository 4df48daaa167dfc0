"""What links do by themselves, in the worker's turn."""

from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max

from portevoix.links import batches
from portevoix.links.actions.keys import keep_visitor_secrets
from portevoix.links.conversions import CONVERSIONS_KEPT, MARKS_KEPT
from portevoix.links.judging import claim_segment, columns_of, judge_batch
from portevoix.links.models import Conversion, JudgedBatch, SegmentProgress
from portevoix.links.segments import has_unread, list_segments, name_of
from portevoix.people.models import Organisation

SECONDS_PER_TURN: Final = 5.0  # so that what was judged is counted while a backlog lasts
JOINED_CLICKS: Final = 10_000
QUIET: Final = timedelta(hours=2)
SEGMENTS_PER_TURN: Final = 20


def renew_visitor_secrets(now: datetime) -> int:
    """Every organisation has secrets for now and a week ahead, and none of the past; says how many changed."""
    organisations = Organisation.objects.values_list("pk", flat=True)
    return sum(keep_visitor_secrets(organisation_id=one, now=now) for one in organisations)


def erase_old_conversions(now: datetime) -> int:
    """Erases conversions after twenty-five months, and from the others the mark of their click; says how many.

    The mark goes as soon as no report of that click can come any more: it only served to know a second one.
    """
    rows = Conversion.unscoped.all()
    forgotten = rows.filter(clicked_at__lt=now - MARKS_KEPT).exclude(mark="").update(mark="")
    erased, _rows = rows.filter(at__lt=now - CONVERSIONS_KEPT).delete()
    return forgotten + erased


def judge_new_clicks(now: datetime) -> int:
    """Judges the raw clicks of this machine that came since the last turn, for five seconds; says how many were read."""
    count, until = 0, monotonic() + SECONDS_PER_TURN
    for path in _unfinished():
        if not claim_segment(name_of(path), now):
            continue
        while monotonic() < until:
            judged = judge_batch(path, now=now)
            count += judged.count
            if not judged.has_more:
                break
    return count


def _unfinished() -> list[Path]:
    """The segments that hold more than was judged, oldest first."""
    judged = dict(SegmentProgress.objects.values_list("segment", "position"))
    paths = list_segments(settings.CLICKS_ROOT)
    return [path for path in paths if has_unread(path, judged.get(name_of(path), 0))]


def erase_old_batches(now: datetime) -> int:
    """Erases the judged clicks that are counted and older than raw clicks may become; says how many batches."""
    limit = int((now - timedelta(days=settings.ENVIRONMENT.raw_clicks_days)).timestamp() * 1000)
    erased, _rows = JudgedBatch.objects.filter(is_counted=True, last_ms__lt=limit).delete()
    return erased


def join_batches(now: datetime) -> int:
    """Joins the many small batches of segments that are quiet into few; says how many rows went."""
    rows = JudgedBatch.objects.filter(is_counted=True, count__lt=JOINED_CLICKS)
    segments = rows.order_by().values("segment").annotate(rows=Count("pk"), last=Max("judged_at"))
    quiet = segments.filter(rows__gt=1, last__lt=now - QUIET).values_list("segment", flat=True)
    return sum(_join(segment) for segment in list(quiet[:SEGMENTS_PER_TURN]))


@transaction.atomic
def _join(segment: str) -> int:
    """Joins neighbours of one segment; a row that is being judged anew meanwhile is left for the next time."""
    gone = 0
    into: JudgedBatch | None = None
    for row in JudgedBatch.objects.select_for_update().filter(segment=segment).order_by("start"):
        if into is not None and _may_join(into, row):
            clicks = np.concatenate([batches.from_bytes(into.clicks), batches.from_bytes(row.clicks)])
            row.delete()
            into.end = row.end
            for name, value in columns_of(clicks).items():
                setattr(into, name, value)
            into.save()
            gone += 1
        else:
            into = row
    return gone


def _may_join(one: JudgedBatch, next_one: JudgedBatch) -> bool:
    is_next = one.end == next_one.start and one.is_counted and next_one.is_counted
    return is_next and one.rules == next_one.rules and one.count + next_one.count <= JOINED_CLICKS
