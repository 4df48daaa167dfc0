"""Nobody clicks six times in ten seconds; the same reader within half an hour is the same reading."""

from collections.abc import Sequence

import numpy as np

from portevoix.links.batches import BURST, CLICK, Clicks, Kind
from portevoix.links.habits import Memory, mark_habits

MORNING = 1_763_975_000_000


def passage(seconds: float, link: int = 1, visitor: int = 1, kind: Kind = Kind.PERSON) -> Clicks:
    click = np.zeros(1, CLICK)
    click["at_ms"], click["link"], click["visitor"], click["kind"] = (
        MORNING + seconds * 1000,
        link,
        visitor,
        kind,
    )
    return click


def together(passages: Sequence[Clicks]) -> Clicks:
    return np.concatenate(passages)


def marked(*passages: Clicks, memory: Memory | None = None) -> list[Kind]:
    clicks = together(passages)
    mark_habits(clicks, memory or Memory(complete_from_ms=0))
    return [Kind(kind) for kind in clicks["kind"].tolist()]


def bursts(*passages: Clicks) -> list[bool]:
    clicks = together(passages)
    mark_habits(clicks, Memory(complete_from_ms=0))
    return ((clicks["kind"] == Kind.ROBOT) & (clicks["reason"] == BURST)).tolist()


def test_sixth_click_on_a_link_within_ten_seconds_is_a_burst() -> None:
    assert bursts(*(passage(second) for second in range(6))) == [False] * 5 + [True]


def test_clicks_spread_over_time_are_no_burst() -> None:
    assert bursts(*(passage(second * 3) for second in range(20))) == [False] * 20


def test_eleventh_link_within_ten_seconds_is_a_burst() -> None:
    assert bursts(*(passage(0.5 * n, link=n) for n in range(11))) == [False] * 10 + [True]


def test_many_visitors_at_once_are_no_burst() -> None:
    assert bursts(*(passage(0, visitor=n + 1) for n in range(50))) == [False] * 50


def test_a_click_less_than_half_an_hour_after_the_last_one_is_a_repeat() -> None:
    person, repeat = Kind.PERSON, Kind.REPEAT

    assert marked(passage(0), passage(1799), passage(3598), passage(5398)) == [person, repeat, repeat, person]


def test_other_link_or_other_visitor_is_no_repeat() -> None:
    assert marked(passage(0), passage(1, link=2), passage(2, visitor=2)) == [Kind.PERSON] * 3


def test_clicks_without_a_visitor_and_of_robots_have_no_habit() -> None:
    nobody = [passage(0, visitor=0) for _ in range(20)]
    robots = [passage(0, kind=Kind.ROBOT) for _ in range(20)]

    assert marked(*nobody, *robots) == [Kind.PERSON] * 20 + [Kind.ROBOT] * 20


def test_what_a_click_is_depends_on_the_half_hour_before_it_alone() -> None:
    passages = [passage(n * 1200) for n in range(12)]
    whole = marked(*passages)

    assert marked(*passages[3:])[1:] == whole[4:]


def test_a_stretch_goes_on_from_what_is_remembered() -> None:
    memory = Memory(complete_from_ms=0)
    first = marked(passage(0), passage(60, visitor=2), memory=memory)

    assert first + marked(passage(120), passage(3000, visitor=2), memory=memory) == [
        Kind.PERSON,
        Kind.PERSON,
        Kind.REPEAT,
        Kind.PERSON,
    ]


def test_a_click_before_one_of_its_visitor_that_was_shown_is_late_and_left_alone() -> None:
    memory = Memory(complete_from_ms=0)
    marked(passage(100), memory=memory)
    clicks = together([passage(99), passage(99, visitor=2), passage(100), passage(101)])

    late = mark_habits(clicks, memory)

    assert late.tolist() == [True, False, True, False]
    assert clicks["kind"].tolist() == [Kind.PERSON, Kind.PERSON, Kind.PERSON, Kind.REPEAT]


def test_a_click_before_what_is_remembered_is_late() -> None:
    late = mark_habits(
        together([passage(0), passage(10, visitor=2)]), Memory(complete_from_ms=MORNING + 5000)
    )

    assert late.tolist() == [True, False]


def test_memory_forgets_what_no_longer_matters() -> None:
    memory = Memory(complete_from_ms=0)

    for second in range(0, 36_000, 10):
        mark_habits(passage(second, visitor=second + 1), memory)

    assert len(memory.opened) <= 9 * 60 + 1
    assert len(memory.passages) <= 9 * 60 + 1
    assert memory.complete_from_ms > MORNING
