"""Raw clicks are judged once, whatever kills the worker and in whatever order they come."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cast import Cast
from make_clicks import make_link, raw_click, write_segment
from portevoix.links import robots
from portevoix.links.bursts import habits_of
from portevoix.links.jobs import erase_old_clicks, judge_new_clicks
from portevoix.links.judging import judge_batch
from portevoix.links.models import Click, ClickKind, Link, SegmentProgress
from portevoix.links.segments import HEADER, Seen, each_click, frame_of_click, frame_of_loss
from shared import shared_data

ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PREVIEW = "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"


@pytest.fixture
def link(cast: Cast, now: datetime) -> Link:
    return make_link(cast.atlas, now=now)


@pytest.fixture
def folder() -> Path:
    return Path(settings.CLICKS_ROOT)


def kinds() -> list[str]:
    return list(Click.unscoped.order_by("at", "segment", "position").values_list("kind", flat=True))


def test_judge_new_clicks_writes_what_each_click_was(link: Link, folder: Path, now: datetime) -> None:
    clicks = [
        raw_click(link, now, visitor=1),
        raw_click(link, now + timedelta(seconds=1), visitor=2, agent=ROBOT),
        raw_click(link, now + timedelta(seconds=2), visitor=3, agent=PREVIEW),
        raw_click(link, now + timedelta(minutes=5), visitor=1),
        raw_click(link, now + timedelta(minutes=40), visitor=1),
    ]
    write_segment(folder, clicks)

    assert judge_new_clicks(now) == 5

    assert kinds() == ["person", "robot", "preview", "duplicate", "person"]
    first = Click.unscoped.order_by("position")[0]
    assert (first.organisation_id, first.link_id, first.at) == (link.organisation_id, link.pk, now)
    assert (first.referrer, first.language, first.device, first.visitor) == (
        "lnkd.in",
        "fr",
        "desktop",
        f"{1:016x}",
    )


def test_judge_new_clicks_twice_changes_nothing(link: Link, folder: Path, now: datetime) -> None:
    write_segment(folder, [raw_click(link, now, visitor=number) for number in range(1, 8)])

    judge_new_clicks(now)
    again = judge_new_clicks(now)

    assert again == 0
    assert kinds() == ["person"] * 7


def test_judge_batch_goes_on_where_the_last_one_ended(link: Link, folder: Path, now: datetime) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=number) for number in range(1, 8)])

    counts = [judge_batch(path, now=now, limit=3).count for _ in range(4)]

    assert counts == [3, 3, 1, 0]
    assert Click.unscoped.count() == 7


def test_judge_batch_killed_before_its_end_leaves_nothing_half_done(
    link: Link, folder: Path, now: datetime
) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=number) for number in range(1, 8)])
    judge_batch(path, now=now, limit=3)

    with pytest.raises(KeyboardInterrupt):
        judge_and_die(path, now)

    assert Click.unscoped.count() == 3
    judge_new_clicks(now)
    assert sorted(Click.unscoped.values_list("visitor", flat=True)) == [f"{n:016x}" for n in range(1, 8)]


@transaction.atomic
def judge_and_die(path: Path, now: datetime) -> None:
    judge_batch(path, now=now, limit=3)
    raise KeyboardInterrupt


def test_judge_new_clicks_takes_up_what_arrives_later(link: Link, folder: Path, now: datetime) -> None:
    write_segment(folder, [raw_click(link, now)])
    judge_new_clicks(now)
    write_segment(folder, [raw_click(link, now + timedelta(minutes=10)), raw_click(link, now, visitor=9)])

    judge_new_clicks(now)

    assert kinds() == ["person", "person", "duplicate"]


def test_a_late_click_has_later_ones_of_its_visitor_judged_again(
    link: Link, folder: Path, now: datetime
) -> None:
    write_segment(
        folder, [raw_click(link, now), raw_click(link, now + timedelta(minutes=31))], "0000000000001-1-a"
    )
    judge_new_clicks(now)
    assert kinds() == ["person", "person"]

    write_segment(folder, [raw_click(link, now - timedelta(minutes=20))], "0000000000002-2-b")
    judge_new_clicks(now)

    assert kinds() == ["person", "duplicate", "person"]


def test_a_burst_is_no_person(link: Link, folder: Path, now: datetime) -> None:
    write_segment(folder, [raw_click(link, now + timedelta(milliseconds=100 * n)) for n in range(8)])

    judge_new_clicks(now)

    assert kinds() == ["person"] + ["duplicate"] * 4 + ["robot"] * 3
    assert set(Click.unscoped.filter(kind="robot").values_list("reason", flat=True)) == {"burst"}


def test_clicks_without_a_visitor_are_each_a_person(link: Link, folder: Path, now: datetime) -> None:
    write_segment(folder, [raw_click(link, now, visitor=0) for _ in range(12)])

    judge_new_clicks(now)

    assert kinds() == ["person"] * 12


def test_clicks_on_closed_or_unknown_links_are_counted_apart(link: Link, folder: Path, now: datetime) -> None:
    stranger = Link(pk=link.pk + 999, organisation_id=link.organisation_id, code="unknown")
    of_another = Link(pk=link.pk, organisation_id=link.organisation_id + 1, code="other")
    clicks = [
        raw_click(link, now, flags=4),
        raw_click(stranger, now),
        raw_click(of_another, now),
        raw_click(link, now),
    ]
    path = write_segment(folder, clicks)

    judge_new_clicks(now)

    progress = SegmentProgress.objects.get(segment=path.name)
    assert kinds() == ["person"]
    assert (progress.closed_count, progress.unknown_count) == (1, 2)


def test_a_torn_tail_is_left_until_it_is_whole(link: Link, folder: Path, now: datetime) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=1)])
    late = frame_of_click(raw_click(link, now, visitor=2))
    with path.open("ab") as file:
        file.write(late[:20])
    assert judge_new_clicks(now) == 1

    with path.open("ab") as file:
        file.write(late[20:])

    assert judge_new_clicks(now) == 1
    assert Click.unscoped.count() == 2


def test_damage_is_skipped_and_told_once(
    link: Link, folder: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=1)])
    path.write_bytes(path.read_bytes() + b"\x00" * 37 + frame_of_click(raw_click(link, now, visitor=2)))

    with caplog.at_level(logging.WARNING):
        judge_new_clicks(now)
        judge_new_clicks(now)

    assert [record.getMessage() for record in caplog.records] == [
        f"Clicks in {path.name}: 37 damaged bytes were skipped."
    ]
    assert Click.unscoped.count() == 2
    assert SegmentProgress.objects.get(segment=path.name).damaged_bytes == 37


def test_a_segment_of_a_later_version_is_set_aside_and_told_once(
    link: Link, folder: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_segment(folder, [raw_click(link, now)])
    path.write_bytes(HEADER[:-1] + b"\x09" + path.read_bytes()[8:])
    write_segment(folder, [raw_click(link, now)], "0000000000002-2-b")

    with caplog.at_level(logging.WARNING):
        counts = [judge_new_clicks(now), judge_new_clicks(now)]

    assert counts == [1, 0]
    assert [record.getMessage() for record in caplog.records] == [
        f"Clicks in {path.name} are set aside (future): this version cannot read them."
    ]


def test_clicks_that_the_redirector_lost_are_owned_up_to(link: Link, folder: Path, now: datetime) -> None:
    path = write_segment(folder, [raw_click(link, now)])
    path.write_bytes(path.read_bytes() + frame_of_loss(int(now.timestamp() * 1000), 12))

    judge_new_clicks(now)

    assert SegmentProgress.objects.get(segment=path.name).lost_count == 12


def test_erase_old_clicks_after_twenty_five_months(link: Link, folder: Path, now: datetime) -> None:
    write_segment(
        folder, [raw_click(link, now - timedelta(days=770)), raw_click(link, now - timedelta(days=750))]
    )
    judge_new_clicks(now)

    assert erase_old_clicks(now) == 1
    assert Click.unscoped.get().at == now - timedelta(days=750)


def test_no_crawler_of_the_real_list_counts_as_a_person(link: Link, folder: Path, now: datetime) -> None:
    crawlers = json.loads((shared_data("traffic") / "crawlers.json").read_text())
    names = [agent for crawler in crawlers for agent in crawler.get("instances", [])]
    clicks = [
        raw_click(link, now + timedelta(hours=n), visitor=n + 1, agent=name) for n, name in enumerate(names)
    ]
    write_segment(folder, clicks)

    while judge_new_clicks(now):
        pass

    assert Click.unscoped.count() == len(names) > 500
    assert list(Click.unscoped.filter(kind__in=(ClickKind.PERSON, ClickKind.DUPLICATE))) == []


START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
stories = st.lists(
    st.tuples(
        st.integers(0, 1),  # which segment
        st.integers(0, 1),  # which link
        st.integers(0, 2),  # which visitor, 0 being nobody
        st.sampled_from([0, 1, 2, 3, 60, 900, 1799, 1800, 1801, 3000]),  # seconds after the click before
        st.sampled_from(["person", "person", "person", "person", "robot"]),
    ),
    max_size=40,
)


@given(story=stories, limits=st.lists(st.integers(1, 7), min_size=1, max_size=12), shuffled=st.randoms())
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_batches_and_segments_change_nothing_to_the_count(
    cast: Cast,
    tmp_path: Path,
    story: list[tuple[int, int, int, int, str]],
    limits: list[int],
    shuffled: object,
) -> None:
    """Judged in any batches, from two segments whose times run into each other: the same as counting it all at once."""
    Click.unscoped.all().delete()
    SegmentProgress.objects.all().delete()
    links = list(Link.unscoped.order_by("pk")[:2]) or [make_link(cast.atlas, now=START) for _ in range(2)]
    written: list[list[Seen]] = [[], []]
    moment = START
    for segment, link, visitor, gap, who in story:
        moment += timedelta(seconds=gap)
        agent = {"agent": ROBOT} if who == "robot" else {}
        written[segment].append(raw_click(links[link], moment, visitor=visitor, **agent))
    shuffled.shuffle(written[1])  # type: ignore[attr-defined]
    paths = [
        write_segment(tmp_path / str(len(list(tmp_path.iterdir()))), clicks, name)
        for clicks, name in zip(written, ("a", "b"), strict=True)
    ]

    for limit in limits:
        for path in paths:
            judge_batch(path, now=START, limit=limit)
    for path in reversed(paths):
        while judge_batch(path, now=START).has_more:
            pass

    got = {(row.segment, row.position): row.kind for row in Click.unscoped.all()}
    assert got == recount(paths)


def recount(paths: list[Path]) -> dict[tuple[str, int], str]:
    """What each click is, all clicks being known and in the order of time."""
    clicks = sorted(
        (c for path in paths for c in each_click(path)), key=lambda c: (c.at, c.segment, c.position)
    )
    kinds_of = {(c.segment, c.position): str(robots.judge(c).kind) for c in clicks}
    people = [c for c in clicks if robots.judge(c).is_person]
    for click, habit in zip(people, habits_of(people), strict=True):
        if habit.is_burst or habit.is_duplicate:
            kinds_of[click.segment, click.position] = "robot" if habit.is_burst else "duplicate"
    return kinds_of
