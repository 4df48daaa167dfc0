"""Periods in which one visitor is one visitor, planned ahead on an organisation's clock. Pure: no Django, no database.

A period that is running may become shorter, never longer: the secret of its visitors was promised to end then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from portevoix.core import clock
from portevoix.links.visitors import period_of

AHEAD: Final = timedelta(days=7)  # a worker may be away that long, and no click is without a secret
# Redirectors remember a secret, and when it ends, for half a minute.
SETTLED: Final = timedelta(minutes=1)
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last day of a period, and the moments (UTC) at which the first begins and the last is over."""

    first: date
    last: date
    starts_at: datetime
    ends_at: datetime


def plan(known: Sequence[Span], kind: str, zone: str, now: datetime) -> list[Span]:
    """The periods there should be from the running one until a week from now, given those there are, oldest first.

    A change of kind or zone leaves what runs, or begins within a minute, except that it ends with the shorter kind's own
    period; what comes after is planned anew.
    """
    settled = [span for span in known if span.starts_at <= now + SETTLED]
    tail = settled[-1] if settled else None
    if tail is None or tail.ends_at <= now:
        spans = [_begun(tail, kind, zone, now)]
    else:
        spans = [*(span for span in settled[:-1] if span.ends_at > now), _cut(tail, kind, zone, now)]
    while spans[-1].ends_at < now + AHEAD:
        spans.append(_after(spans[-1], kind, zone))
    return spans


def _begun(before: Span | None, kind: str, zone: str, now: datetime) -> Span:
    """The period that holds this moment, or what an earlier one left of it."""
    whole = _holding(_day(now, zone), kind, zone)
    if before is None or before.ends_at <= whole.starts_at:
        return whole
    return replace(whole, first=min(before.last + _A_DAY, whole.last), starts_at=before.ends_at)


def _cut(span: Span, kind: str, zone: str, now: datetime) -> Span:
    own = _holding(max(span.first, _day(now + SETTLED, zone)), kind, zone)
    return span if own.ends_at >= span.ends_at else replace(span, last=own.last, ends_at=own.ends_at)


def _after(before: Span, kind: str, zone: str) -> Span:
    first = before.last + _A_DAY
    last = period_of(first, kind).last
    while _end_of(last, zone) <= before.ends_at:  # the clock was put forward by more than a period
        last = period_of(last + _A_DAY, kind).last
    return Span(first, last, before.ends_at, _end_of(last, zone))


def _holding(day: date, kind: str, zone: str) -> Span:
    first, last = period_of(day, kind)
    return Span(first, last, _end_of(first - _A_DAY, zone), _end_of(last, zone))


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(clock.zone(zone)).date()


def _end_of(day: date, zone: str) -> datetime:
    return clock.resolve(datetime.combine(day + _A_DAY, time.min), zone).astimezone(UTC)
