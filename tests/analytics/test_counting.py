"""Clicks become figures once each: killed anywhere, run twice, late, out of order, the same as a plain recount."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cast import Cast
from make_clicks import count_all, keep_batch, make_published_story, make_share
from portevoix.analytics import counting, rollups
from portevoix.analytics.models import (
    CountingTurn,
    Crowd,
    DayToRecount,
    Dimension,
    MonthToFold,
    Span,
    Tally,
)
from portevoix.analytics.period import Period
from portevoix.core import tenancy
from portevoix.library.models import Story
from portevoix.links.batches import CLICK, Clicks, Kind
from portevoix.links.models import JudgedBatch
from portevoix.links.packing import packed
from portevoix.people.models import Organisation
from portevoix.sharing.models import Share

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PARIS = "Europe/Paris"


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.atlas, "Une laiterie au soleil", now=now)


@pytest.fixture
def shares(cast: Cast, story: Story, now: datetime) -> list[Share]:
    return [make_share(who, story, at=now - timedelta(days=2)) for who in (cast.ana, cast.noor)]


def clicks_at(share: Share, *moments: datetime, visitor: int = 1, kind: Kind = Kind.PERSON) -> Clicks:
    clicks = np.zeros(len(moments), CLICK)
    clicks["at_ms"] = [round(moment.timestamp() * 1000) for moment in moments]
    clicks["link"], clicks["organisation"] = share.link_id, share.organisation_id
    clicks["visitor"], clicks["kind"] = visitor, kind
    return clicks


_numbers = iter(range(1_000_000_000))


def keep(*clicks: Clicks, segment: str = "a") -> JudgedBatch:
    start = next(_numbers) * 1000
    return keep_batch(np.concatenate(clicks), start=start, end=start + 999, segment=segment)


def figures(organisation: Organisation) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Every row of the day and hour roll-ups, with what it counts; the visitors beside."""
    rows = Tally.unscoped.filter(organisation=organisation).exclude(span=Span.MONTH)
    crowds = Crowd.unscoped.filter(organisation=organisation).exclude(span=Span.MONTH)
    where = ("span", "dimension", "at", "key", "sub")
    visitors = {one[:5]: one[5] for one in crowds.values_list(*where, "visitors")}
    counts = rows.values_list(*where, "people", "repeats", "previews", "robots")
    return {row[:5]: (*row[5:], visitors.get(row[:5], 0)) for row in counts}


def people(dimension: Dimension = Dimension.ALL, key: int = 0) -> int:
    return sum(row.people for row in Tally.unscoped.filter(dimension=dimension, key=key, span=Span.DAY))


def test_count_batches_adds_a_click_under_all_that_it_belongs_to(shares: list[Share], now: datetime) -> None:
    mine = shares[0]
    keep(clicks_at(mine, now), clicks_at(mine, now, visitor=2), clicks_at(mine, now, kind=Kind.ROBOT))

    assert counting.count_batches(now=now) == 3

    for dimension, key in (
        (Dimension.ALL, 0),
        (Dimension.LINK, mine.link_id),
        (Dimension.PERSON, mine.person_id),
        (Dimension.STORY, mine.story_id),
        (Dimension.TEAM, mine.team_id),
    ):
        row = Tally.unscoped.get(dimension=dimension, key=key, span=Span.DAY)
        assert (row.people, row.repeats, row.previews, row.robots) == (2, 0, 0, 1)
        assert Crowd.unscoped.get(dimension=dimension, key=key, span=Span.DAY).visitors == 2


def test_count_batches_twice_changes_nothing(cast: Cast, shares: list[Share], now: datetime) -> None:
    keep(clicks_at(shares[0], now))
    counting.count_batches(now=now)
    before = figures(cast.atlas)

    assert counting.count_batches(now=now) == 0
    assert figures(cast.atlas) == before


def test_count_batches_killed_before_its_end_counts_nothing_twice(
    cast: Cast, shares: list[Share], now: datetime
) -> None:
    keep(clicks_at(shares[0], now))

    with pytest.raises(KeyboardInterrupt):
        count_and_die(now)

    assert figures(cast.atlas) == {}
    count_all(now)
    assert (people(), CountingTurn.objects.get().number) == (1, 1)


@transaction.atomic
def count_and_die(now: datetime) -> None:
    counting.count_batches(now=now)
    raise KeyboardInterrupt


def test_count_batches_is_one_processs_at_a_time(shares: list[Share], now: datetime) -> None:
    keep(clicks_at(shares[0], now))
    CountingTurn.objects.create(pk=1, claimed_by="elsewhere:1", claimed_until=now + timedelta(seconds=1))

    assert counting.count_batches(now=now) == 0
    assert counting.count_batches(now=now + timedelta(seconds=2)) == 1


def test_what_another_process_counted_meanwhile_is_known(shares: list[Share], now: datetime) -> None:
    keep(clicks_at(shares[0], now))
    counting.count_batches(now=now)
    keep(clicks_at(shares[0], now + timedelta(minutes=5)))
    counted_elsewhere(now)

    keep(clicks_at(shares[0], now + timedelta(minutes=34)))
    counting.count_batches(now=now)

    row = Tally.unscoped.get(dimension=Dimension.ALL, span=Span.DAY)
    assert (row.people, row.repeats) == (1, 2)


def test_what_another_process_counts_at_the_same_moment_is_counted_once(
    shares: list[Share], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(clicks_at(shares[0], now))
    enter = counting._enter

    def enter_after_another() -> CountingTurn:
        monkeypatch.setattr(counting, "_enter", enter)
        counted_elsewhere(now)
        return enter()

    monkeypatch.setattr(counting, "_enter", enter_after_another)

    assert counting.count_batches(now=now) == 0
    assert people() == 1


def counted_elsewhere(now: datetime) -> None:
    """As another process does it, with a memory of its own."""
    ours, counting._counter = counting._counter, counting._Counter()
    try:
        assert counting.count_batches(now=now) == 1
    finally:
        counting._counter = ours


def test_a_late_click_has_its_day_counted_anew(cast: Cast, shares: list[Share], now: datetime) -> None:
    keep(clicks_at(shares[0], now, now + timedelta(minutes=40)))
    counting.count_batches(now=now)
    assert people() == 2

    keep(clicks_at(shares[0], now + timedelta(minutes=20)))
    counting.count_batches(now=now)
    assert [row.day for row in DayToRecount.unscoped.all()] == [(now.date() - date(1970, 1, 1)).days]
    assert counting.recount_days(now) == 1

    row = Tally.unscoped.get(dimension=Dimension.ALL, span=Span.DAY)
    assert (row.people, row.repeats) == (1, 2)
    keep(
        clicks_at(shares[0], now + timedelta(minutes=69))
    )  # half an hour after the last one, not the late one
    count_all(now)
    assert people() == 1


def test_a_late_click_of_a_day_whose_raw_clicks_are_gone_is_counted_as_it_comes(
    shares: list[Share], now: datetime
) -> None:
    keep(clicks_at(shares[0], now))
    count_all(now)

    keep(clicks_at(shares[0], now - timedelta(days=45)))
    count_all(now)

    assert (people(), DayToRecount.unscoped.count()) == (2, 0)


def test_clicks_on_links_that_nobody_shares_are_counted_apart(
    cast: Cast, shares: list[Share], now: datetime
) -> None:
    stranger, foreign = clicks_at(shares[0], now), clicks_at(shares[0], now, visitor=2)
    stranger["link"] += 999
    foreign["organisation"] = cast.other.pk
    keep(stranger, foreign, clicks_at(shares[0], now))

    count_all(now)

    assert (people(), CountingTurn.objects.get().unknown_count) == (1, 2)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Africa/Casablanca", datetime(2026, 11, 23, 23, 59, tzinfo=UTC), date(2026, 11, 23)),
        ("Europe/Paris", datetime(2026, 11, 23, 23, 0, tzinfo=UTC), date(2026, 11, 24)),
        ("Asia/Kolkata", datetime(2026, 11, 23, 18, 30, tzinfo=UTC), date(2026, 11, 24)),
        ("Asia/Kolkata", datetime(2026, 11, 23, 18, 29, tzinfo=UTC), date(2026, 11, 23)),
        # The night in which clocks in Paris go back: 23:30 UTC is 01:30 of the 25th, and that day has 25 hours.
        ("Europe/Paris", datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_days_are_those_of_the_organisations_clock(
    cast: Cast, shares: list[Share], now: datetime, zone: str, moment: datetime, day: date
) -> None:
    Organisation.objects.filter(pk=cast.atlas.pk).update(time_zone=zone)
    keep(clicks_at(shares[0], moment))

    count_all(now)

    with tenancy.acting_for(cast.atlas.pk):
        assert list(rollups.by_day(Dimension.ALL, Period(day, day, zone))) == [day]


def test_another_clock_has_the_days_that_are_kept_counted_anew(
    cast: Cast, shares: list[Share], now: datetime
) -> None:
    Organisation.objects.filter(pk=cast.atlas.pk).update(time_zone="Africa/Casablanca")
    keep(clicks_at(shares[0], datetime(2026, 11, 20, 23, 30, tzinfo=UTC)))
    count_all(now)
    Organisation.objects.filter(pk=cast.atlas.pk).update(time_zone=PARIS)

    keep(clicks_at(shares[0], now))
    count_all(now)

    with tenancy.acting_for(cast.atlas.pk):
        days = rollups.by_day(Dimension.ALL, Period(date(2026, 11, 1), date(2026, 11, 30), PARIS))
    assert {day: count.people for day, count in days.items()} == {
        date(2026, 11, 21): 1,
        date(2026, 11, 24): 1,
    }


def test_new_rules_on_robots_change_the_days_they_concern(
    cast: Cast, shares: list[Share], now: datetime, settings: Any
) -> None:
    from make_clicks import raw_click, write_segment
    from portevoix.links.jobs import judge_new_clicks

    robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    link = shares[0].link
    write_segment(settings.CLICKS_ROOT, [raw_click(link, now, agent=robot), raw_click(link, now, visitor=2)])
    judge_new_clicks(now)
    row = JudgedBatch.objects.get()
    older = np.frombuffer(row.clicks, CLICK).copy()
    older["kind"] = Kind.PERSON  # rules of the past took both for people
    JudgedBatch.objects.update(clicks=older.tobytes(), rules="older")
    count_all(now)
    assert people() == 2

    assert counting.replay_old_rules(now) == 1
    count_all(now)

    assert counting.replay_old_rules(now) == 0
    assert people() == 1


# --- beside a plain recount ----------------------------------------------------------------------------------------
clicks_in_any_order = st.lists(
    st.tuples(
        st.integers(0, 2),  # which segment
        st.integers(0, 1),  # which link
        st.integers(0, 2),  # which visitor, 0 being nobody
        st.sampled_from(
            [0, 1, 2, 3, 60, 900, 1799, 1800, 1801, 3000, 40_000]
        ),  # seconds after the one before
        st.sampled_from([Kind.PERSON, Kind.PERSON, Kind.PERSON, Kind.ROBOT]),
    ),
    min_size=1,
    max_size=30,
)


@given(
    told=clicks_in_any_order,
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=10),
    chance=st.randoms(use_true_random=False),
)
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_the_order_the_figures_are_those_of_a_plain_recount(
    cast: Cast,
    shares: list[Share],
    told: list[tuple[int, int, int, int, Kind]],
    sizes: list[int],
    chance: Any,
) -> None:
    for model in (Tally, Crowd, MonthToFold, DayToRecount):
        model.unscoped.all().delete()
    CountingTurn.objects.all().delete()
    JudgedBatch.objects.all().delete()
    moment, parts = START - timedelta(days=3), defaultdict(list)
    for segment, link, visitor, gap, kind in told:
        moment += timedelta(seconds=gap)
        parts[segment].append(clicks_at(shares[link], moment, visitor=visitor, kind=kind))
    batches = list(_cut(parts, sizes))
    chance.shuffle(batches)

    for number, (segment, start, clicks) in enumerate(batches):
        keep_batch(clicks, start=start, end=start + len(clicks), segment=segment)
        if number % 2:
            counting.count_batches(now=START)
        if number % 5 == 0:
            counting.recount_days(START)
    count_all(START)

    everything = [one for _, _, one in sorted(batches, key=lambda batch: batch[:2])]
    assert _summary(cast.atlas) == _plain_recount(everything, cast.atlas.time_zone)


def _cut(parts: dict[int, list[Clicks]], sizes: list[int]) -> Any:
    for segment, clicks in parts.items():
        at, number = 0, 0
        while at < len(clicks):
            size = sizes[number % len(sizes)]
            yield str(segment), at, np.concatenate(clicks[at : at + size])
            at, number = at + size, number + 1


def _summary(organisation: Organisation) -> dict[tuple[int, str], tuple[int, int, int, int]]:
    rows = Tally.unscoped.filter(organisation=organisation, span=Span.DAY, dimension=Dimension.LINK)
    crowds = Crowd.unscoped.filter(organisation=organisation, span=Span.DAY, dimension=Dimension.LINK)
    visitors = {(row.key, row.at): row.visitors for row in crowds}
    return {
        (row.key, (date(1970, 1, 1) + timedelta(days=row.at)).isoformat()): (
            row.people,
            row.repeats,
            row.robots,
            visitors.get((row.key, row.at), 0),
        )
        for row in rows
    }


def _plain_recount(batches: Sequence[Clicks], zone: str) -> dict[tuple[int, str], tuple[int, int, int, int]]:
    """All clicks in the order of time, one by one, with lists and sets."""
    clicks = sorted(np.concatenate(batches).tolist(), key=lambda one: one[0])
    found: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    visitors: dict[tuple[int, str], set[int]] = defaultdict(set)
    before: list[tuple[int, int, int]] = []  # moment, visitor, link of people's clicks
    opened: dict[tuple[int, int], int] = {}
    for at_ms, visitor, link, _language, _organisation, kind, *_rest in clicks:
        at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone))
        cell = (link, at.date().isoformat())
        if kind == Kind.ROBOT:
            found[cell][2] += 1
            continue
        if visitor == 0:
            found[cell][0] += 1
            continue
        before.append((at_ms, visitor, link))
        recent = [other for when, who, other in before if who == visitor and at_ms - when <= 10_000]
        if recent.count(link) > 5 or len(set(recent)) > 10:
            found[cell][2] += 1
            continue
        last = opened.get((visitor, link))
        opened[visitor, link] = at_ms
        if last is not None and at_ms - last < 1_800_000:
            found[cell][1] += 1
        else:
            found[cell][0] += 1
            visitors[cell].add(visitor)
    return {cell: (*counts, len(visitors[cell])) for cell, counts in found.items()}


def test_visits_of_the_companys_own_posts_stand_apart(
    cast: Cast, story: Story, shares: list[Share], now: datetime
) -> None:
    company = make_share(cast.ines, story, at=now, is_company=True)
    keep(clicks_at(company, now), clicks_at(shares[0], now, visitor=2))

    count_all(now)

    assert (people(), people(Dimension.STORY, story.pk), people(Dimension.PERSON, cast.ines.pk)) == (1, 1, 0)
    assert people(Dimension.COMPANY, packed("linkedin")) == 1
    assert people(Dimension.STORY_COMPANY, story.pk) == 1
