"""The widest of many are found without looking at all, and are the same as if all had been looked at."""

from datetime import date, timedelta

import numpy as np
import pytest

from cast import Cast
from portevoix.analytics import ledger, rollups, spans
from portevoix.analytics.models import Dimension, Span
from portevoix.analytics.period import Period
from portevoix.analytics.ranking import widest
from portevoix.analytics.sketches import add_signed
from portevoix.core import tenancy

BEGINNING = date(2026, 9, 20)


@pytest.fixture
def crowds(cast: Cast) -> int:
    """Two hundred keys over seventy days, a few far wider than the others; the whole month of October is folded."""
    chance = np.random.default_rng(5)
    month: dict[int, set[int]] = {}
    rows = []
    for number in range(70):
        day = spans.day_number(BEGINNING + timedelta(days=number))
        for key in np.unique(np.minimum(chance.zipf(1.3, 60), 200)).tolist():
            visitors = chance.integers(1, 4000, chance.integers(1, 2 + 600 // key)).tolist()
            sketch, count = add_signed(b"", visitors)
            rows.append((cast.atlas.pk, Span.DAY, Dimension.STORY, day, key, 0, count, sketch))
            if spans.month_of_day(day) == october():
                month.setdefault(key, set()).update(visitors)
    for key, everybody in month.items():
        sketch, count = add_signed(b"", list(everybody))
        rows.append((cast.atlas.pk, Span.MONTH, Dimension.STORY, october(), key, 0, count, sketch))
    ledger.write_sketches(rows)
    return len(rows)


def october() -> int:
    return spans.month_number(date(2026, 10, 1))


@pytest.mark.parametrize(("since", "until"), [(0, 69), (0, 5), (3, 40), (11, 41), (40, 69), (69, 69)])
@pytest.mark.parametrize("count", [1, 5, 50])
def test_widest_is_what_looking_at_all_of_them_gives(
    cast: Cast, crowds: int, since: int, until: int, count: int
) -> None:
    period = Period(BEGINNING + timedelta(days=since), BEGINNING + timedelta(days=until), "Europe/Paris")
    with tenancy.acting_for(cast.atlas.pk):
        everyone = rollups.visitors(Dimension.STORY, period)
        found = widest(Dimension.STORY, period, count)

    wanted = sorted((visitors.high for visitors in everyone.values()), reverse=True)[:count]
    assert [one.visitors.high for one in found] == wanted
    assert all(everyone[one.key, 0] == one.visitors for one in found)


@pytest.mark.parametrize(
    "among", [range(0), range(100, 130), range(60, 200), range(500, 600), range(1, 200, 2)]
)
def test_widest_among_some_is_what_looking_at_all_of_those_gives(
    cast: Cast, crowds: int, among: range
) -> None:
    period = Period(BEGINNING + timedelta(days=3), BEGINNING + timedelta(days=50), "Europe/Paris")
    with tenancy.acting_for(cast.atlas.pk):
        everyone = rollups.visitors(Dimension.STORY, period, among)
        found = widest(Dimension.STORY, period, 7, among)

    wanted = sorted((visitors.high for visitors in everyone.values()), reverse=True)[:7]
    assert [one.visitors.high for one in found] == wanted
    assert all(one.key in among for one in found)


def test_widest_of_nothing_is_nothing(cast: Cast) -> None:
    with tenancy.acting_for(cast.atlas.pk):
        assert widest(Dimension.STORY, Period(BEGINNING, BEGINNING, "Europe/Paris"), 5) == []
