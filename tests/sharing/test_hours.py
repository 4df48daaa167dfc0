"""A person's own hours: which moments they give, spread among colleagues, never in quiet times, right by every clock."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.core import clock
from portevoix.core.quiet import first_allowed, is_day_off, is_quiet
from portevoix.sharing import hours
from portevoix.sharing.hours import GAP, Place, Slot

CASABLANCA, PARIS = Place("Africa/Casablanca", "MA"), Place("Europe/Paris", "FR")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
TUESDAY_MORNING, THURSDAY_NOON = Slot(1, 8 * 60 + 30), Slot(3, 12 * 60)


def first(slots: list[Slot], place: Place, after: datetime, count: int = 1) -> list[str]:
    moments = hours.next_moments(slots, place, after=after, before=None)
    return [f"{moment.wall:%a %d %H:%M}" for moment, _ in zip(moments, range(count), strict=False)]


def test_next_moments_are_the_person_s_own_hours_in_order() -> None:
    found = first([THURSDAY_NOON, TUESDAY_MORNING], CASABLANCA, NOW, 3)

    assert found == ["Thu 26 12:00", "Tue 01 08:30", "Thu 03 12:00"]


def test_next_moments_leave_public_holidays_out() -> None:
    """The eleventh of January, in Morocco; the eighth of May, in France."""
    january = first([Slot(0, 9 * 60)], CASABLANCA, datetime(2027, 1, 9, tzinfo=UTC))
    may = first([Slot(4, 9 * 60)], PARIS, datetime(2026, 5, 6, tzinfo=UTC))

    assert (january, may) == (["Mon 18 09:00"], ["Fri 15 09:00"])


def test_next_moments_keep_a_saturday_that_the_person_chose() -> None:
    assert first([Slot(5, 10 * 60)], PARIS, NOW) == ["Sat 28 10:00"]


def test_next_moments_end_before_the_story_does() -> None:
    before = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

    assert list(hours.next_moments([THURSDAY_NOON], CASABLANCA, after=NOW, before=before)) == []


def test_default_hours_are_two_of_one_s_own_and_never_quiet() -> None:
    drawn = [hours.default_slots(f"person-{number}") for number in range(200)]

    assert {len(slots) for slots in drawn} == {2}
    assert len({slots[0] for slots in drawn}) > 10
    assert not any(
        is_quiet(datetime.combine(date(2026, 11, 24), slot.at), "MA") for slots in drawn for slot in slots
    )


def moments(*texts: str) -> list[hours.Moment]:
    return [hours.moment_at(datetime.fromisoformat(text), CASABLANCA) for text in texts]


def test_choose_takes_the_first_free_moment() -> None:
    there = moments("2026-11-26T12:00", "2026-12-01T08:30")

    assert hours.choose(there, CASABLANCA, own=[], colleagues=[]) == there[0]


@pytest.mark.parametrize(
    ("minutes", "is_free"), [(0, False), (29, False), (-29, False), (30, True), (-30, True)]
)
def test_choose_keeps_half_an_hour_from_one_s_other_posts(minutes: int, is_free: bool) -> None:
    there = moments("2026-11-26T12:00")
    own = [there[0].at + timedelta(minutes=minutes)]

    found = hours.choose(there, CASABLANCA, own=own, colleagues=[])

    assert (found is not None) == is_free


def test_choose_puts_a_person_a_few_minutes_beside_a_colleague() -> None:
    there = moments("2026-11-26T12:00")

    found = hours.choose(there, CASABLANCA, own=[], colleagues=[there[0].at])

    assert found is not None
    assert found.wall.time() == time(12, 7)


def test_colleagues_on_one_story_are_spread_over_its_days() -> None:
    """Twenty people with the same two hours, a story of two weeks: four days, none crowded, none at the same minute."""
    taken: list[datetime] = []
    for _person in range(20):
        there = hours.next_moments(
            [TUESDAY_MORNING, THURSDAY_NOON], CASABLANCA, after=NOW, before=NOW + timedelta(days=14)
        )
        found = hours.choose(there, CASABLANCA, own=[], colleagues=taken)
        assert found is not None
        taken.append(found.at)

    per_day = Counter(at.date() for at in taken)
    assert len(per_day) == 4
    assert max(per_day.values()) - min(per_day.values()) <= 2
    assert max(Counter(taken).values()) <= 2


def test_first_free_jumps_over_every_post_in_the_way() -> None:
    own = [NOW, NOW + timedelta(minutes=40), NOW + timedelta(minutes=90)]

    assert hours.first_free(NOW + timedelta(minutes=5), own) == NOW + timedelta(minutes=120)


@given(st.lists(st.integers(-600, 600), max_size=12), st.integers(-600, 600))
def test_first_free_is_always_free_and_never_earlier(others: list[int], at: int) -> None:
    own = [NOW + timedelta(minutes=minutes) for minutes in others]
    asked = NOW + timedelta(minutes=at)

    found = hours.first_free(asked, own)

    assert found >= asked
    assert hours.is_free(found, own)


def test_working_moments_are_half_hours_that_are_not_quiet() -> None:
    friday = datetime(2026, 11, 27, 17, 50, tzinfo=UTC)

    found = list(hours.working_moments(CASABLANCA, after=friday, before=friday + timedelta(days=3)))

    assert [f"{one.wall:%a %H:%M}" for one in found[:4]] == [
        "Fri 18:00",
        "Fri 18:30",
        "Mon 08:00",
        "Mon 08:30",
    ]


@pytest.mark.parametrize(
    ("wall", "country", "expected"),
    [
        ("2026-11-24T07:59", "MA", True),
        ("2026-11-24T08:00", "MA", False),
        ("2026-11-24T18:59", "MA", False),
        ("2026-11-24T19:00", "MA", True),
        ("2026-11-28T11:00", "MA", True),  # a Saturday
        ("2026-11-27T11:00", "SA", True),  # a Friday, where the week ends on it
        ("2026-11-29T11:00", "SA", False),  # a Sunday there is a working day
        ("2026-11-18T11:00", "MA", True),  # Independence Day
        ("2026-11-18T11:00", "FR", False),
        ("2026-11-24T11:00", "ZZ", False),  # no such country, no holidays
        ("2026-11-24T11:00", "", False),
    ],
)
def test_quiet_times_are_evenings_nights_and_days_off(wall: str, country: str, expected: bool) -> None:
    assert is_quiet(datetime.fromisoformat(wall), country) == expected


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)), st.sampled_from(["FR", "MA", "SA", ""]))
def test_first_allowed_moment_is_never_quiet_nor_early(wall: datetime, country: str) -> None:
    at = clock.resolve(wall, "Africa/Casablanca")

    found = first_allowed(at, "Africa/Casablanca", country)

    assert found >= at
    assert not is_quiet(found.astimezone(clock.zone("Africa/Casablanca")).replace(tzinfo=None), country)


def test_days_off_are_the_country_s() -> None:
    assert is_day_off(date(2026, 7, 14), "FR")
    assert not is_day_off(date(2026, 7, 14), "MA")


# --- clocks that change --------------------------------------------------------------------------------------------
def test_nine_in_casablanca_is_nine_utc_since_morocco_stays_there() -> None:
    before = hours.moment_at(datetime(2026, 9, 19, 9, 0), CASABLANCA)
    after = hours.moment_at(datetime(2026, 9, 21, 9, 0), CASABLANCA)

    assert (before.at.hour, after.at.hour) == (8, 9)


def test_time_that_clocks_skip_is_the_first_minute_after() -> None:
    found = hours.moment_at(datetime(2027, 3, 28, 2, 30), PARIS)

    assert (found.wall, found.at) == (datetime(2027, 3, 28, 3, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC))


def test_time_that_comes_twice_is_the_first() -> None:
    found = hours.moment_at(datetime(2026, 10, 25, 2, 30), PARIS)

    assert found.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


ZONES = (
    "Africa/Casablanca", "Africa/El_Aaiun", "Europe/Paris", "Europe/London",
    "America/New_York", "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe",
)  # fmt: skip


def transitions(zone: str) -> Iterator[tuple[datetime, int, int]]:
    """Each change of clocks from 2019 to 2028: its moment, and the seconds from UTC before and after, as zdump says.

    `zdump` is the C library's own reading of the same data: an oracle that shares no code with Python's.
    """
    data = Path(str(resources.files("tzdata"))) / "zoneinfo" / zone
    told = subprocess.run(
        ["zdump", "-v", "-c", "2019,2029", str(data)], capture_output=True, text=True, check=True
    )
    offsets: list[tuple[datetime, int]] = []
    for line in told.stdout.splitlines():
        found = re.search(
            r"(\w{3} +\d+ [\d:]{8} \d{4}) UTC? =.*gmtoff=(-?\d+)", line.replace(" UT ", " UTC ")
        )
        if found:
            at = datetime.strptime(" ".join(found[1].split()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
            offsets.append((at, int(found[2])))
    for (_before, old), (at, new) in pairwise(offsets):
        if old != new:
            yield at, old, new


@pytest.mark.skipif(shutil.which("zdump") is None, reason="zdump, the oracle, is not on this machine")
@pytest.mark.parametrize("zone", ZONES)
def test_every_change_of_clocks_is_resolved_as_the_c_library_does(zone: str) -> None:
    checked = 0
    for at, old, new in transitions(zone):
        for shown, expected in around(at, old, new):
            assert clock.resolve(shown, zone) == expected, f"{zone} {shown}"
            checked += 1

    assert checked >= 24


def around(at: datetime, old: int, new: int) -> Iterator[tuple[datetime, datetime]]:
    """Wall times before, in and after one change, with the moment that each is."""
    before, after = (at + timedelta(seconds=offset) for offset in (old, new))
    hour = timedelta(hours=1)
    low, high = sorted((before, after))
    yield naive(low - hour), at - hour if old < new else low - hour - timedelta(seconds=old)
    yield naive(high + hour), high + hour - timedelta(seconds=new)
    middle = low + (high - low) / 2
    # Skipped when clocks went forward: the change itself. Shown twice when they went back: the first time.
    yield naive(middle), at if old < new else middle - timedelta(seconds=old)
    yield naive(low), at if old < new else low - timedelta(seconds=old)


def naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),
    st.lists(st.builds(Slot, st.integers(0, 6), st.integers(0, 1439)), min_size=1, max_size=4),
)
def test_moments_are_what_the_person_s_clock_shows(zone: str, wall: datetime, slots: list[Slot]) -> None:
    place, after = Place(zone, ""), clock.resolve(wall, zone)

    for moment, _ in zip(hours.next_moments(slots, place, after=after, before=None), range(5), strict=False):
        assert moment.at > after
        assert hours.wall_of(moment.at, place) == moment.wall
        shown = Slot(moment.wall.weekday(), moment.wall.hour * 60 + moment.wall.minute)
        assert shown in slots or is_just_after_a_gap(moment, place)


def is_just_after_a_gap(moment: hours.Moment, place: Place) -> bool:
    """Whether clocks there jumped to that very minute."""
    return hours.wall_of(moment.at - timedelta(minutes=1), place) < moment.wall - timedelta(minutes=1)


def test_gap_is_half_an_hour() -> None:
    assert timedelta(minutes=30) == GAP
