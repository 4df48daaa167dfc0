"""Habits over several clicks: bursts that no person makes, and the second click of the same person.

Pure and incremental: clicks are shown in the order of their time, and only the last minutes are remembered.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

SAME_LINK_LIMIT: Final = 5  # clicks of one visitor on one link within the window
MANY_LINKS_LIMIT: Final = 10  # links that one visitor opens within the window
BURST_WINDOW: Final = timedelta(seconds=10)
DUPLICATE_WINDOW: Final = timedelta(minutes=30)


class Passage(Protocol):
    """What is looked at of a click: whose, where, when. `segments.RawClick` has it; an empty visitor is nobody."""

    @property
    def visitor(self) -> str: ...
    @property
    def link_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


class Habit(NamedTuple):
    """What a click is among its neighbours."""

    is_burst: bool
    is_duplicate: bool


@dataclass(slots=True)
class Memory:
    """What is remembered of the clicks shown so far; keep one per run of judging, or one for ever."""

    recent: dict[str, deque[tuple[datetime, int]]] = field(default_factory=dict)
    counted: dict[tuple[str, int], datetime] = field(default_factory=dict)
    swept_at: datetime | None = None


def habit_of(click: Passage, memory: Memory) -> Habit:
    """The habit of the next click in the order of time; remembers it. A click without a visitor has no habit."""
    if not click.visitor:
        return Habit(False, False)
    _forget(click.at, memory)
    burst = _is_burst(click, memory)
    return Habit(burst, _is_duplicate(click, memory) if not burst else False)


def remember(click: Passage, *, counted: bool, memory: Memory) -> None:
    """Puts back in memory a click judged in an earlier run; `counted`: it was neither a burst nor a duplicate."""
    memory.recent.setdefault(click.visitor, _passages()).append((click.at, click.link_id))
    if counted:
        memory.counted[click.visitor, click.link_id] = click.at


def habits_of(clicks: Iterable[Passage], memory: Memory | None = None) -> list[Habit]:
    """The habits of clicks in the order of time."""
    kept = memory or Memory()
    return [habit_of(click, kept) for click in clicks]


def _passages() -> deque[tuple[datetime, int]]:
    return deque(maxlen=64)


def _is_burst(click: Passage, memory: Memory) -> bool:
    passages = memory.recent.setdefault(click.visitor, _passages())
    while passages and click.at - passages[0][0] > BURST_WINDOW:
        passages.popleft()
    passages.append((click.at, click.link_id))
    on_this_link = sum(1 for _, link_id in passages if link_id == click.link_id)
    return on_this_link > SAME_LINK_LIMIT or len({link_id for _, link_id in passages}) > MANY_LINKS_LIMIT


def _is_duplicate(click: Passage, memory: Memory) -> bool:
    """Thirty minutes are counted from the click that counted, so that a restless reader counts twice an hour."""
    key = (click.visitor, click.link_id)
    counted_at = memory.counted.get(key)
    if counted_at is not None and click.at - counted_at < DUPLICATE_WINDOW:
        return True
    memory.counted[key] = click.at
    return False


def _forget(now: datetime, memory: Memory) -> None:
    if memory.swept_at is not None and now - memory.swept_at < DUPLICATE_WINDOW:
        return
    memory.swept_at = now
    for visitor in [v for v, passages in memory.recent.items() if now - passages[-1][0] > BURST_WINDOW]:
        del memory.recent[visitor]
    for key in [k for k, at in memory.counted.items() if now - at > DUPLICATE_WINDOW]:
        del memory.counted[key]
