"""Nobody clicks six times in ten seconds; the same reader within half an hour is the same reading."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portevoix.links.bursts import Memory, habits_of

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class Passage:
    seconds: float
    link_id: int = 1
    visitor: str = "ana"

    @property
    def at(self) -> datetime:
        return MORNING + timedelta(seconds=self.seconds)


def bursts(*passages: Passage) -> list[bool]:
    return [habit.is_burst for habit in habits_of(passages)]


def duplicates(*passages: Passage) -> list[bool]:
    return [habit.is_duplicate for habit in habits_of(passages)]


def test_sixth_click_on_a_link_within_ten_seconds_is_a_burst() -> None:
    assert bursts(*(Passage(second) for second in range(6))) == [False] * 5 + [True]


def test_clicks_spread_over_time_are_no_burst() -> None:
    assert bursts(*(Passage(second * 3) for second in range(20))) == [False] * 20


def test_eleventh_link_within_ten_seconds_is_a_burst() -> None:
    assert bursts(*(Passage(0.5 * n, link_id=n) for n in range(11))) == [False] * 10 + [True]


def test_many_visitors_at_once_are_no_burst() -> None:
    assert bursts(*(Passage(0, visitor=str(n)) for n in range(50))) == [False] * 50


def test_second_click_within_half_an_hour_is_a_duplicate() -> None:
    assert duplicates(Passage(0), Passage(1799), Passage(1800), Passage(3599)) == [False, True, False, True]


def test_other_link_or_other_visitor_is_no_duplicate() -> None:
    assert duplicates(Passage(0), Passage(1, link_id=2), Passage(2, visitor="noor")) == [False, False, False]


def test_clicks_without_a_visitor_have_no_habit() -> None:
    passages = [Passage(0, visitor="") for _ in range(20)]

    assert (bursts(*passages), duplicates(*passages)) == ([False] * 20, [False] * 20)


def test_memory_forgets_what_no_longer_matters() -> None:
    memory = Memory()

    habits_of([Passage(second, visitor=str(second)) for second in range(0, 36_000, 10)], memory)

    assert len(memory.counted) <= 2 * 180 + 1
    assert len(memory.recent) <= 181
