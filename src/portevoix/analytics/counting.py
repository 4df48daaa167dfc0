"""Counting: judged batches become roll-ups, once each, in the order of time, whoever judged them.

One process counts at a time. What it adds, that the batches are counted, and how often anybody counted stand in one
transaction: killed anywhere, or run twice, the figures are the same. A click that comes late (`links.habits`) is not
added: the day that it belongs to is judged and counted anew from its batches, so that its figures are always those of a
plain recount. The same is done for days that a change of the rules, or of the organisation's clock, concerns.
"""

import gc
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from portevoix.analytics import ledger, spans, tallying
from portevoix.analytics.models import Calendar, CountingTurn, Crowd, DayToRecount, MonthToFold, Span, Tally
from portevoix.analytics.places import Places
from portevoix.core.work import process_name
from portevoix.links import batches, habits, robots
from portevoix.links.batches import Clicks
from portevoix.links.habits import LEAD_MS, Memory
from portevoix.links.judging import clicks_of, columns_of, rejudged, segment_of
from portevoix.links.models import JudgedBatch

CLICKS_AT_ONCE: Final = 50_000
CLAIM: Final = timedelta(seconds=30)
_WARM_MS: Final = 2 * habits.REPEAT_MS
_SAFETY_MS: Final = (
    3_600_000  # batches go by their last click: those of a day's first hour may be gone already
)
Days = set[tuple[int, int]]  # organisation and number of the day


class _Counter:
    """What a process that counts remembers from one turn to the next."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.places = Places()
        self.memory: Memory | None = None
        self.mark = ""


_counter = _Counter()


def count_batches(*, now: datetime, limit: int = CLICKS_AT_ONCE) -> int:
    """Counts judged batches that wait, about `limit` clicks; says how many clicks. 0: nothing waits, or not our turn."""
    if not _counter.lock.acquire(blocking=False):
        return 0
    try:
        with _uncollected():
            return _count(now, limit) if _claim(now) else 0
    except BaseException:
        _counter.memory = None  # it may hold clicks that were not counted
        raise
    finally:
        _counter.lock.release()


def recount_days(now: datetime, limit: int = 1) -> int:
    """Judges and counts anew the days that ask for it, at most `limit`; says how many."""
    with _counter.lock:
        rows = list(DayToRecount.unscoped.order_by("asked_at", "pk")[:limit]) if _claim(now) else []
        for row in rows:
            _recount(row, now)
    return len(rows)


def ask_to_recount(days: Iterable[tuple[int, int]], *, now: datetime) -> None:
    """Has days of organisations recounted soon; those whose raw clicks are gone stay as they are."""
    kept = _oldest_kept(now)
    asked = [
        DayToRecount(organisation_id=organisation, day=day, asked_at=now)
        for organisation, day in sorted(days)
        if spans.starts_at_ms(day, _counter.places.zone_of(organisation)) - LEAD_MS >= kept
    ]
    DayToRecount.unscoped.bulk_create(asked, ignore_conflicts=True)


def days_of(clicks: Clicks) -> Days:
    """The organisations' days that clicks belong to, the day after one's last half hour too: it hangs on it."""
    days: Days = set()
    for organisation in np.unique(clicks["organisation"]).tolist():
        zone = _counter.places.zone_of(organisation)
        moments = clicks["at_ms"][clicks["organisation"] == organisation]
        for reach in (0, LEAD_MS):
            shown = np.unique(spans.local_ms(moments + reach, zone) // spans.DAY_MS)
            days.update((organisation, day) for day in shown.tolist())
    return days


# --- counting what is new ------------------------------------------------------------------------------------------
@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles: rows by the ten thousand make none, and looking takes a sixth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@transaction.atomic
def _count(now: datetime, limit: int) -> int:
    if not JudgedBatch.objects.filter(is_counted=False).exists():
        return 0
    turn = _enter()
    rows = _waiting(limit)  # read within the turn: what another process counted meanwhile waits no more
    if not rows:
        return 0
    clicks = clicks_of(rows)
    memory = _memory(turn, now)
    late = habits.mark_habits(clicks, memory)
    if late.any():
        late &= _can_be_recounted(clicks, now)
        ask_to_recount(days_of(clicks[late]), now=now)
    unknown = _add(clicks[~late], turn, now)
    JudgedBatch.objects.filter(pk__in=[row.pk for row in rows]).update(is_counted=True)
    turn.counted_to_ms = max(turn.counted_to_ms, int(clicks["at_ms"][-1]))
    turn.unknown_count += unknown
    _leave(turn)
    # A late click was left out of the memory: it is made anew from the batches, in the order of time.
    _counter.memory, _counter.mark = (None if late.any() else memory), turn.mark
    return len(clicks)


def _claim(now: datetime) -> bool:
    """Whether it is this process's turn, which it keeps as long as it lives: what it remembers stays good."""
    me = process_name()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_by=me)
    CountingTurn.objects.get_or_create(pk=1)
    rows = CountingTurn.objects.filter(free)
    return bool(rows.update(claimed_by=me, claimed_until=now + CLAIM))


def _enter() -> CountingTurn:
    """The turn, ours until the transaction ends; what was remembered is forgotten when somebody else counted since."""
    turn = CountingTurn.objects.select_for_update().get()
    if turn.mark != _counter.mark:
        _counter.memory = None
        _counter.places.forget()
    _counter.places.forget_zones()
    return turn


def _leave(turn: CountingTurn) -> None:
    turn.number += 1
    turn.mark = secrets.token_hex(8)
    turn.save(update_fields=["number", "mark", "counted_to_ms", "unknown_count"])


def _waiting(limit: int) -> list[JudgedBatch]:
    """The batches that are not counted, earliest first, up to the limit; at least one when there is one."""
    rows: list[JudgedBatch] = []
    count = 0
    for row in (
        JudgedBatch.objects.filter(is_counted=False).order_by("first_ms", "pk").iterator(chunk_size=20)
    ):
        if rows and count + row.count > limit:
            break
        rows.append(row)
        count += row.count
    return rows


def _memory(turn: CountingTurn, now: datetime) -> Memory:
    """What is remembered, if nobody else counted since; else made anew from the last hour of what is counted."""
    if _counter.memory is not None:
        return _counter.memory
    if not turn.counted_to_ms:
        return Memory(complete_from_ms=0)
    start = turn.counted_to_ms - _WARM_MS
    memory = Memory(complete_from_ms=start + LEAD_MS, swept_ms=turn.counted_to_ms)
    clicks = clicks_of(list(JudgedBatch.objects.filter(is_counted=True, last_ms__gte=start)))
    habits.mark_habits(clicks[clicks["at_ms"] >= start], memory)
    return memory


def _oldest_kept(now: datetime) -> int:
    """From when on every batch is still there, in ms since 1970."""
    return int((now - timedelta(days=settings.ENVIRONMENT.raw_clicks_days)).timestamp() * 1000) + _SAFETY_MS


def _can_be_recounted(clicks: Clicks, now: datetime) -> Any:
    """Which clicks belong to days that can be recounted whole; late ones of other days are counted as they come."""
    return clicks["at_ms"] >= _oldest_kept(now) + LEAD_MS + spans.DAY_MS


def _add(clicks: Clicks, turn: CountingTurn, now: datetime) -> int:
    """Adds clicks to the roll-ups; says how many were on links that nobody shares."""
    unknown = 0
    for organisation in np.unique(clicks["organisation"]).tolist():
        own = clicks[clicks["organisation"] == organisation]
        links, where = np.unique(own["link"], return_inverse=True)
        places = _counter.places.of(links.tolist())
        is_known = np.array([place is not None and place.organisation == organisation for place in places])
        standing = is_known[where]
        unknown += int((~standing).sum())
        if not standing.any():
            continue
        zone = _zone(organisation, now)
        renumbered = (np.cumsum(is_known) - 1)[where[standing]]
        known = [place for place, good in zip(places, is_known, strict=True) if place is not None and good]
        portions = list(tallying.portions(organisation, own[standing], known, renumbered, zone))
        ledger.add(portions)
        days = np.unique(spans.local_ms(own["at_ms"][standing], zone) // spans.DAY_MS).tolist()
        _ask_to_fold(organisation, days, turn)
    return unknown


def _zone(organisation: int, now: datetime) -> str:
    """The time zone of an organisation's days; when it was changed, the days that can be are recounted in the new one."""
    zone = _counter.places.zone_of(organisation)
    calendar = Calendar.unscoped.filter(organisation=organisation).first()
    if calendar is None:
        Calendar.unscoped.create(organisation_id=organisation, zone=zone)
    elif calendar.zone != zone:
        Calendar.unscoped.filter(pk=calendar.pk).update(zone=zone)
        today = spans.day_number(now.date()) + 1
        ask_to_recount({(organisation, day) for day in range(today - 40, today + 1)}, now=now)
    return zone


def _ask_to_fold(organisation: int, days: Iterable[int], turn: CountingTurn) -> None:
    """The rows of these days' months are to be made anew."""
    months = {spans.month_of_day(day) for day in days}
    MonthToFold.unscoped.bulk_create(
        [
            MonthToFold(organisation_id=organisation, month=one, touched=turn.number + 1)
            for one in sorted(months)
        ],
        update_conflicts=True,
        unique_fields=["organisation", "month"],
        update_fields=["touched"],
    )


# --- counting a day anew -------------------------------------------------------------------------------------------
@transaction.atomic
def _recount(row: DayToRecount, now: datetime) -> None:
    """Puts the day's figures in the place of what they were: its counted batches, judged in the order of time."""
    turn = _enter()
    organisation, zone = row.organisation_id, _counter.places.zone_of(row.organisation_id)
    start, end = spans.starts_at_ms(row.day, zone), spans.starts_at_ms(row.day + 1, zone)
    clicks = _clicks_between(organisation, start - LEAD_MS, end)
    habits.mark_habits(clicks, Memory(complete_from_ms=0))
    _clear(organisation, row.day)
    _ask_to_fold(organisation, [row.day], turn)
    _add(clicks[clicks["at_ms"] >= start], turn, now)
    row.delete()
    _leave(turn)
    _counter.mark = turn.mark if _counter.memory is None else _counter.mark


def _clicks_between(organisation: int, start: int, end: int) -> Clicks:
    """An organisation's counted clicks from a moment until before another, in the order of time."""
    rows = JudgedBatch.objects.filter(is_counted=True, last_ms__gte=start, first_ms__lt=end)
    parts = []
    for row in rows.order_by("segment", "start").iterator(chunk_size=20):
        clicks = batches.from_bytes(row.clicks)
        within = (clicks["at_ms"] >= start) & (clicks["at_ms"] < end)
        parts.append(clicks[within & (clicks["organisation"] == organisation)])
    return batches.together(parts)


def _clear(organisation: int, day: int) -> None:
    for model in (Tally, Crowd):
        rows = model.unscoped.filter(organisation=organisation)
        rows.filter(span=Span.DAY, at=day).delete()
        rows.filter(span=Span.HOUR, at__gte=day * 24, at__lt=(day + 1) * 24).delete()


# --- judging anew --------------------------------------------------------------------------------------------------
def replay_old_rules(now: datetime, limit: int = 20) -> int:
    """Judges anew, by the rules of today, batches that older rules judged, at most `limit`; says how many.

    The days whose clicks they change are recounted. A batch whose raw clicks are gone stays as it was judged.
    """
    rows = list(JudgedBatch.objects.exclude(rules=robots.edition()).order_by("-last_ms")[:limit])
    for row in rows:
        _replay(row, now)
    return len(rows)


@transaction.atomic
def _replay(row: JudgedBatch, now: datetime) -> None:
    path = segment_of(row)
    before = batches.from_bytes(row.clicks)
    after = rejudged(path, row) if path else before
    changes: dict[str, Any] = {"rules": robots.edition()}
    if len(after) == len(before) and not np.array_equal(after, before):
        changes |= columns_of(after)
        ask_to_recount(days_of(after[after != before]), now=now)
    JudgedBatch.objects.filter(pk=row.pk, start=row.start, end=row.end).update(**changes)
