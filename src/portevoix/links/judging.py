"""Judging: the raw clicks of the segments become rows that say what each click was.

One batch is one transaction: its rows, and how far its segment is judged. Killed anywhere, or run twice, it gives the
same rows. Habits (bursts, second clicks) are those of all clicks in the order of their time, whatever the order they are
read in: a click that comes late has the later clicks of its visitor looked at again.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from django.db.models import Q

from portevoix.links import robots
from portevoix.links.bursts import DUPLICATE_WINDOW, Habit, Memory, habit_of, remember
from portevoix.links.models import Click, ClickKind, Link, SegmentProgress
from portevoix.links.segments import RawClick, Reading, name_of, read_segment

log = logging.getLogger(__name__)
BATCH_CLICKS: Final = 5_000
BURST: Final = "burst"
# Habits run across segments, so that only one worker judges at a time; this row is what they take turns by.
_TURN: Final = "*"
_KEYS_PER_QUERY: Final = 400
COLUMNS: Final = (
    "organisation_id", "link_id", "at", "kind", "reason", "visitor",
    "referrer", "language", "device", "segment", "position",
)  # fmt: skip
Item = TypeVar("Item")


@dataclass(frozen=True)
class Batch:
    """What one reading of a segment came to: how many clicks were read, and whether more may be waiting."""

    count: int
    has_more: bool


@dataclass(slots=True)
class Judged:
    """A click and what it was. Without `raw` it is in the table already."""

    kind: str
    reason: str
    at: datetime
    link_id: int
    visitor: str
    segment: str
    position: int
    raw: RawClick | None = None

    @property
    def is_old(self) -> bool:
        return self.raw is None


def judge_batch(path: Path, *, now: datetime, limit: int = BATCH_CLICKS) -> Batch:
    """Judges the next clicks of a segment, at most `limit`, from where the last batch ended."""
    begun = SegmentProgress.objects.filter(segment=name_of(path)).first()
    position, aside = (begun.position, begun.set_aside) if begun else (0, "")
    reading = _read(path, position, limit)
    if reading is None or (reading.end == position and reading.set_aside == aside):
        return Batch(0, has_more=False)
    with transaction.atomic():
        progress = _take_turn(name_of(path))
        if progress.position != position:  # another worker judged this batch while we were reading
            return Batch(0, has_more=True)
        _record(reading, progress, now=now)
    _tell(name_of(path), reading)
    return Batch(len(reading.clicks), has_more=reading.end > position)


def _read(path: Path, position: int, limit: int) -> Reading | None:
    try:
        return read_segment(path, position, limit)
    except FileNotFoundError:  # erased meanwhile
        return None
    except OSError:
        return Reading(end=position, set_aside="unreadable")


def _take_turn(segment: str) -> SegmentProgress:
    SegmentProgress.objects.get_or_create(segment=_TURN)
    SegmentProgress.objects.select_for_update().get(segment=_TURN)
    return SegmentProgress.objects.get_or_create(segment=segment)[0]


def _record(reading: Reading, progress: SegmentProgress, *, now: datetime) -> None:
    """Writes the batch: new rows, earlier rows seen in a new light, and how far the segment is judged."""
    standing = [click for click in reading.clicks if not click.is_closed]
    known = _known(standing)
    fresh = [_row(click) for click in known]
    changed = _mark_habits(fresh)
    _insert(fresh)
    for row in changed:
        Click.unscoped.filter(segment=row.segment, position=row.position).update(
            kind=row.kind, reason=row.reason
        )
    progress.position = reading.end
    progress.judged_at = now
    progress.lost_count += reading.lost
    progress.closed_count += len(reading.clicks) - len(standing)
    progress.unknown_count += len(standing) - len(known)
    progress.damaged_bytes += reading.damaged_bytes
    progress.set_aside = reading.set_aside
    progress.save()


def _known(clicks: Sequence[RawClick]) -> list[RawClick]:
    """The clicks whose link is in the table, under the organisation that the redirector saw."""
    owners: dict[int, int] = {}
    for keys in _portions(sorted({click.link_id for click in clicks})):
        owners.update(Link.unscoped.filter(pk__in=keys).values_list("pk", "organisation_id"))
    return [click for click in clicks if owners.get(click.link_id) == click.organisation_id]


def _row(click: RawClick) -> Judged:
    verdict = robots.judge(click)
    return Judged(
        kind=verdict.kind,
        reason=verdict.reason,
        at=click.at,
        link_id=click.link_id,
        visitor=click.visitor,
        segment=click.segment,
        position=click.position,
        raw=click,
    )


def _insert(rows: Iterable[Judged]) -> None:
    """Writes new rows by one prepared statement: going through model instances is four times slower."""
    table = Click._meta.db_table
    columns = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    places = ", ".join(["%s"] * len(COLUMNS))
    stored = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608  names of our own
            [_cells(row, row.raw, stored) for row in rows if row.raw],
        )


def _cells(row: Judged, click: RawClick, stored: Callable[[datetime], Any]) -> tuple[Any, ...]:
    return (
        click.organisation_id,
        row.link_id,
        stored(row.at),
        row.kind,
        row.reason,
        row.visitor,
        click.referrer[:255],
        click.language[:8],
        click.device.name.lower(),
        row.segment,
        row.position,
    )


def _mark_habits(fresh: Iterable[Judged]) -> list[Judged]:
    """Marks the bursts and second clicks among the fresh rows; gives the earlier rows whose judgement changes by them."""
    people = [row for row in fresh if row.kind == ClickKind.PERSON and row.visitor]
    since = {row.visitor: row.at for row in sorted(people, key=lambda row: row.at, reverse=True)}
    earlier = list(_neighbours(since))
    memory, changed = Memory(), []
    for row in sorted([*people, *earlier], key=lambda row: (row.at, row.segment, row.position)):
        if row.is_old and row.at < since[row.visitor]:
            remember(row, counted=row.kind == ClickKind.PERSON, memory=memory)
            continue
        before = (row.kind, row.reason)
        _apply(habit_of(row, memory), row)
        if row.is_old and (row.kind, row.reason) != before:
            changed.append(row)
    return changed


def _apply(habit: Habit, row: Judged) -> None:
    if habit.is_burst:
        row.kind, row.reason = ClickKind.ROBOT.value, BURST
        return
    row.kind = (ClickKind.DUPLICATE if habit.is_duplicate else ClickKind.PERSON).value
    if row.reason == BURST:
        row.reason = "browser"


def _neighbours(since: dict[str, datetime]) -> Iterator[Judged]:
    """The judged clicks that habits of these visitors depend on, from half an hour before each one's first new click."""
    habitual = Q(kind__in=(ClickKind.PERSON, ClickKind.DUPLICATE)) | Q(reason=BURST)
    for visitors in _portions(sorted(since)):
        earliest = min(since[visitor] for visitor in visitors) - DUPLICATE_WINDOW
        rows = Click.unscoped.filter(habitual, visitor__in=visitors, at__gt=earliest)
        for cells in rows.values_list("kind", "reason", "at", "link", "visitor", "segment", "position"):
            row = Judged(*cells)
            if row.at > since[row.visitor] - DUPLICATE_WINDOW:
                yield row


def _portions(keys: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(keys), _KEYS_PER_QUERY):
        yield keys[start : start + _KEYS_PER_QUERY]


def _tell(segment: str, reading: Reading) -> None:
    if reading.set_aside:
        log.warning(
            "Clicks in %s are set aside (%s): this version cannot read them.", segment, reading.set_aside
        )
    if reading.damaged_bytes:
        log.warning("Clicks in %s: %d damaged bytes were skipped.", segment, reading.damaged_bytes)
    if reading.unknown_frames:
        log.warning("Clicks in %s: %d records are of a kind we do not know.", segment, reading.unknown_frames)
    if reading.lost:
        log.warning("Clicks in %s: the redirector could not write %d of them.", segment, reading.lost)
