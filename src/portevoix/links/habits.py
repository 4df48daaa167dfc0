"""Habits over several clicks: bursts that no person makes, and the second click of the same person.

Clicks are shown in the order of their time, a stretch at a time, and only the last hour is remembered. What a click is
depends on the half hour before it alone, so that any stretch can be judged again by itself, half an hour ahead of it
shown first. A click that comes later than a click of the same visitor that was shown already is *late*: what it changes
is known only by judging its day again.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from portevoix.links.batches import BURST, Clicks, Kind

SAME_LINK_LIMIT: Final = 5  # clicks of one visitor on one link within the window
MANY_LINKS_LIMIT: Final = 10  # links that one visitor opens within the window
BURST_MS: Final = 10_000
REPEAT_MS: Final = 30 * 60 * 1000
LEAD_MS: Final = REPEAT_MS + BURST_MS  # how far before a stretch its clicks' judgement reaches
_KEPT_MS: Final = 2 * REPEAT_MS
_LONGEST_PASSAGE: Final = 64
_SPREAD: Final = np.uint64(
    0x9E3779B97F4A7C15
)  # 2^64 divided by the golden ratio: tells links apart in one number

Passage = list[tuple[int, int]]  # moment and link of a visitor's last clicks


@dataclass(slots=True)
class Memory:
    """What is remembered of the clicks shown so far. Clicks before `complete_from_ms` cannot be judged by it."""

    complete_from_ms: int
    passages: dict[int, Passage] = field(default_factory=dict)
    opened: dict[int, int] = field(default_factory=dict)  # visitor and link in one number: when last
    swept_ms: int = 0
    shown_to_ms: int = -1  # the latest moment of stretches shown before this one


def mark_habits(clicks: Clicks, memory: Memory) -> NDArray[Any]:
    """Marks the bursts and repeats among clicks in the order of time; gives which of them are late, left as they were."""
    late = np.zeros(len(clicks), bool)
    people = np.flatnonzero((clicks["kind"] == Kind.PERSON) & (clicks["visitor"] != 0))
    if not len(people):
        return late
    shown = clicks[people]
    keys = shown["visitor"] ^ (shown["link"].astype(np.uint64) * _SPREAD)
    bursts, repeats, delayed = _walk(
        shown["at_ms"].tolist(), shown["visitor"].tolist(), shown["link"].tolist(), keys.tolist(), memory
    )
    clicks["kind"][people[bursts]], clicks["reason"][people[bursts]] = Kind.ROBOT, BURST
    clicks["kind"][people[repeats]] = Kind.REPEAT
    late[people[delayed]] = True
    memory.shown_to_ms = max(memory.shown_to_ms, int(shown["at_ms"][-1]))
    _sweep(memory)
    return late


def _walk(
    moments: list[int], visitors: list[int], links: list[int], keys: list[int], memory: Memory
) -> tuple[list[int], list[int], list[int]]:
    """Which clicks are bursts, repeats, late. One loop without calls: it sees every click of a person."""
    bursts: list[int] = []
    repeats: list[int] = []
    late: list[int] = []
    passages, opened = memory.passages, memory.opened
    complete_from, shown_to = memory.complete_from_ms, memory.shown_to_ms
    for number, (at, visitor, link, key) in enumerate(zip(moments, visitors, links, keys, strict=True)):
        passage = passages.get(visitor)
        if passage is None:
            if at < complete_from:
                late.append(number)
                continue
            passages[visitor] = [(at, link)]
        elif at < passage[-1][0] or at < complete_from or at == passage[-1][0] <= shown_to:
            late.append(number)
            continue
        elif at - passage[-1][0] > BURST_MS:
            passages[visitor] = [(at, link)]
        else:
            passage.append((at, link))
            if len(passage) > SAME_LINK_LIMIT and _is_burst(passage, at, link):
                bursts.append(number)
                continue
        last = opened.get(key)
        if last is not None and at - last < REPEAT_MS:
            repeats.append(number)
        opened[key] = at
    return bursts, repeats, late


def _is_burst(passage: Passage, at: int, link: int) -> bool:
    """Whether a visitor's last click comes faster than a person's; forgets what is older than the window."""
    passage[:] = [one for one in passage[-_LONGEST_PASSAGE:] if at - one[0] <= BURST_MS]
    on_this_link = sum(1 for _, other in passage if other == link)
    return on_this_link > SAME_LINK_LIMIT or len({other for _, other in passage}) > MANY_LINKS_LIMIT


def _sweep(memory: Memory) -> None:
    """Forgets what is older than an hour, twice an hour."""
    newest_ms = memory.shown_to_ms
    if newest_ms - memory.swept_ms < REPEAT_MS:
        return
    memory.swept_ms = newest_ms
    oldest = newest_ms - _KEPT_MS
    memory.passages = {one: passage for one, passage in memory.passages.items() if passage[-1][0] >= oldest}
    memory.opened = {key: at for key, at in memory.opened.items() if at >= oldest}
    memory.complete_from_ms = max(memory.complete_from_ms, oldest + LEAD_MS)
