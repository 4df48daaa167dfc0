"""Raw clicks are judged once, whatever kills the worker; each by itself, habits being found when they are counted."""

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.db import transaction

from cast import Cast
from make_clicks import make_link, raw_click, write_segment
from portevoix.links import batches, robots
from portevoix.links.batches import Kind, reason_of
from portevoix.links.jobs import erase_old_batches, join_batches, judge_new_clicks
from portevoix.links.judging import claim_segment, clicks_of, judge_batch
from portevoix.links.models import JudgedBatch, Link, SegmentProgress
from portevoix.links.packing import unpacked
from portevoix.links.segments import HEADER, Device, frame_of_click, frame_of_loss
from shared import shared_data

ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PREVIEW = "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"


@pytest.fixture
def link(cast: Cast, now: datetime) -> Link:
    return make_link(cast.atlas, now=now)


@pytest.fixture
def folder() -> Path:
    return Path(settings.CLICKS_ROOT)


def judged() -> batches.Clicks:
    return clicks_of(list(JudgedBatch.objects.all()))


def kinds() -> list[str]:
    return [Kind(kind).name.lower() for kind in judged()["kind"].tolist()]


def visitors() -> list[int]:
    return sorted(int.from_bytes(int(one).to_bytes(8, "little"), "big") for one in judged()["visitor"])


def test_judge_new_clicks_keeps_what_each_click_was(link: Link, folder: Path, now: datetime) -> None:
    write_segment(
        folder,
        [
            raw_click(link, now, visitor=1),
            raw_click(link, now + timedelta(seconds=1), visitor=2, agent=ROBOT),
            raw_click(link, now + timedelta(seconds=2), visitor=3, agent=PREVIEW),
            raw_click(link, now + timedelta(seconds=3), visitor=4, flags=1),
            raw_click(link, now + timedelta(seconds=4), visitor=5, flags=2),
        ],
    )

    assert judge_new_clicks(now) == 5

    assert kinds() == ["person", "robot", "preview", "robot", "robot"]
    reasons = [reason_of(number) for number in judged()["reason"].tolist()]
    assert (reasons[0], reasons[2:]) == ("browser", ["preview", "head", "prefetch"])
    first = judged()[0]
    assert (first["organisation"], first["link"], first["at_ms"]) == (
        link.organisation_id,
        link.pk,
        now.timestamp() * 1000,
    )
    assert (unpacked(int(first["language"])), Device(int(first["device"]))) == ("fr", Device.DESKTOP)
    assert visitors() == [1, 2, 3, 4, 5]


def test_judge_new_clicks_twice_changes_nothing(link: Link, folder: Path, now: datetime) -> None:
    write_segment(folder, [raw_click(link, now, visitor=number) for number in range(1, 8)])

    counts = [judge_new_clicks(now), judge_new_clicks(now)]

    assert counts == [7, 0]
    assert kinds() == ["person"] * 7


def test_judge_batch_goes_on_where_the_last_one_ended(link: Link, folder: Path, now: datetime) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=number) for number in range(1, 8)])

    counts = [judge_batch(path, now=now, limit=3).count for _ in range(4)]

    assert counts == [3, 3, 1, 0]
    assert [row.count for row in JudgedBatch.objects.order_by("start")] == [3, 3, 1]


def test_judge_batch_killed_before_its_end_leaves_nothing_half_done(
    link: Link, folder: Path, now: datetime
) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=number) for number in range(1, 8)])
    judge_batch(path, now=now, limit=3)

    with pytest.raises(KeyboardInterrupt):
        judge_and_die(path, now)

    assert len(judged()) == 3
    judge_new_clicks(now)
    assert visitors() == list(range(1, 8))


@transaction.atomic
def judge_and_die(path: Path, now: datetime) -> None:
    judge_batch(path, now=now, limit=3)
    raise KeyboardInterrupt


def test_two_workers_that_read_the_same_clicks_keep_them_once(
    link: Link, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=number) for number in range(1, 8)])
    judging = judge_batch.__globals__
    read = judging["read_stretch"]

    def read_while_another_judges(*args: object) -> object:
        monkeypatch.setitem(judging, "read_stretch", read)
        assert judge_batch(path, now=now, limit=3).count == 3
        return read(*args)

    monkeypatch.setitem(judging, "read_stretch", read_while_another_judges)

    assert judge_batch(path, now=now, limit=3).count == 0
    assert visitors() == [1, 2, 3]


def test_a_segment_is_one_workers_until_its_claim_runs_out(link: Link, folder: Path, now: datetime) -> None:
    path = write_segment(folder, [raw_click(link, now)])
    SegmentProgress.objects.create(
        segment=path.name, claimed_by="elsewhere:1", claimed_until=now + timedelta(seconds=1)
    )

    assert (claim_segment(path.name, now), judge_new_clicks(now)) == (False, 0)
    assert judge_new_clicks(now + timedelta(seconds=2)) == 1
    assert claim_segment(path.name, now + timedelta(seconds=2))


def test_judge_new_clicks_takes_up_what_arrives_later(link: Link, folder: Path, now: datetime) -> None:
    write_segment(folder, [raw_click(link, now)])
    judge_new_clicks(now)
    write_segment(folder, [raw_click(link, now + timedelta(minutes=10)), raw_click(link, now, visitor=9)])

    assert judge_new_clicks(now) == 2
    assert visitors() == [1, 1, 9]


def test_a_click_dated_ahead_of_the_clock_is_dated_when_it_was_judged(
    link: Link, folder: Path, now: datetime
) -> None:
    clicks = [raw_click(link, now + ahead) for ahead in (timedelta(minutes=4), timedelta(days=400))]
    write_segment(folder, clicks)

    judge_new_clicks(now)

    moment = int(now.timestamp() * 1000)
    assert judged()["at_ms"].tolist() == [moment, moment + 240_000]


def test_clicks_that_led_to_the_companys_page_are_counted_apart(
    link: Link, folder: Path, now: datetime
) -> None:
    path = write_segment(folder, [raw_click(link, now, flags=4), raw_click(link, now)])

    judge_new_clicks(now)

    assert kinds() == ["person"]
    assert SegmentProgress.objects.get(segment=path.name).closed_count == 1


def test_a_torn_tail_is_left_until_it_is_whole(link: Link, folder: Path, now: datetime) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=1)])
    late = frame_of_click(raw_click(link, now, visitor=2))
    with path.open("ab") as file:
        file.write(late[:20])
    assert judge_new_clicks(now) == 1

    with path.open("ab") as file:
        file.write(late[20:])

    assert judge_new_clicks(now) == 1
    assert len(judged()) == 2


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
    assert len(judged()) == 2
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


def test_no_crawler_of_the_real_list_counts_as_a_person(link: Link, folder: Path, now: datetime) -> None:
    crawlers = json.loads((shared_data("traffic") / "crawlers.json").read_text())
    names = [agent for crawler in crawlers for agent in crawler.get("instances", [])]
    clicks = [
        raw_click(link, now - timedelta(hours=n), visitor=n + 1, agent=name) for n, name in enumerate(names)
    ]
    write_segment(folder, clicks)

    judge_new_clicks(now)

    assert len(judged()) == len(names) > 500
    assert not np.isin(judged()["kind"], (Kind.PERSON, Kind.REPEAT)).any()


def test_join_batches_makes_one_row_of_a_quiet_segments_many(link: Link, folder: Path, now: datetime) -> None:
    path = write_segment(folder, [raw_click(link, now, visitor=number) for number in range(1, 8)])
    while judge_batch(path, now=now, limit=2).has_more:
        pass
    before = judged()
    JudgedBatch.objects.exclude(start=JudgedBatch.objects.order_by("start")[0].start).update(is_counted=True)

    assert join_batches(now + timedelta(hours=1)) == 0
    assert join_batches(now + timedelta(hours=3)) == 2

    assert [row.count for row in JudgedBatch.objects.order_by("start")] == [2, 5]
    assert np.array_equal(judged(), before)


def test_erase_old_batches_keeps_what_is_young_or_not_counted(
    link: Link, folder: Path, now: datetime
) -> None:
    for name, days in (("old", 31), ("uncounted", 31), ("young", 29)):
        path = write_segment(folder, [raw_click(link, now - timedelta(days=days))], name)
        judge_batch(path, now=now)
    JudgedBatch.objects.exclude(segment="uncounted.clicks").update(is_counted=True)

    assert erase_old_batches(now) == 1

    assert sorted(row.segment for row in JudgedBatch.objects.all()) == ["uncounted.clicks", "young.clicks"]


def test_edition_of_the_rules_is_kept_with_what_they_judged(link: Link, folder: Path, now: datetime) -> None:
    write_segment(folder, [raw_click(link, now)])

    judge_new_clicks(now)

    assert JudgedBatch.objects.get().rules == robots.edition()
