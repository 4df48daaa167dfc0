"""How far figures are behind the clicks is known, to the operator and to the metrics."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from cast import Cast
from make_clicks import make_published_story, make_share, raw_click, write_segment
from portevoix.analytics.jobs import judge_and_count
from portevoix.analytics.lateness import Lateness, lateness
from portevoix.links import counted
from portevoix.links.jobs import judge_new_clicks
from portevoix.sharing.models import Share


@pytest.fixture
def share(cast: Cast, now: datetime) -> Share:
    return make_share(cast.ana, make_published_story(cast.atlas, "Une laiterie", now=now), at=now)


def test_lateness_reaches_back_to_the_first_click_that_no_figure_holds(share: Share, now: datetime) -> None:
    came = now - timedelta(minutes=3)
    path = write_segment(settings.CLICKS_ROOT, [raw_click(share.link, came), raw_click(share.link, now)])
    told = Lateness(came, timedelta(minutes=3))

    assert (lateness(now), lateness(now).is_late) == (told, True)
    assert judge_new_clicks(now) == 2
    assert lateness(now) == told
    judge_and_count(now)

    assert (lateness(now), lateness(now).is_late) == (Lateness(None, timedelta()), False)
    assert path.exists()


def test_clicks_of_this_very_moment_are_not_late(share: Share, now: datetime) -> None:
    write_segment(settings.CLICKS_ROOT, [raw_click(share.link, now - timedelta(seconds=9))])

    assert not lateness(now).is_late


def test_judge_and_count_tells_the_fronts_how_far_figures_go(share: Share, now: datetime) -> None:
    write_segment(settings.CLICKS_ROOT, [raw_click(share.link, now)])
    settings.VAR.mkdir(parents=True, exist_ok=True)

    judge_and_count(now)

    assert counted.counted_to_ms(settings.VAR) == int(now.timestamp() * 1000)


def test_nothing_is_known_of_figures_that_nobody_told_of(tmp_path: Path) -> None:
    assert counted.counted_to_ms(tmp_path) is None
    (tmp_path / counted.FILE_NAME).write_bytes(b"torn")
    assert counted.counted_to_ms(tmp_path) is None
