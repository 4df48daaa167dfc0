"""Judged segments become smaller, then go; killed anywhere, each click is there once."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cast import Cast
from make_clicks import make_link, raw_click, write_segment
from portevoix.links.archive import compress_and_erase, compress_segment
from portevoix.links.jobs import judge_new_clicks
from portevoix.links.models import JudgedBatch, Link, SegmentProgress
from portevoix.links.segments import each_click, list_segments, read_segment


@pytest.fixture
def link(cast: Cast, now: datetime) -> Link:
    return make_link(cast.atlas, now=now)


@pytest.fixture
def folder(settings: Any) -> Path:
    chosen: Path = settings.CLICKS_ROOT
    return chosen


def written(folder: Path, link: Link, now: datetime, *, number: int = 1, count: int = 3, **age: int) -> Path:
    """A segment of clicks last written so long ago."""
    moment = now - timedelta(**age)
    clicks = [raw_click(link, moment, visitor=n + 1, agent="") for n in range(count)]
    path = write_segment(folder, clicks, f"000000000000{number}-1-a")
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_compress_and_erase_by_age(link: Link, folder: Path, now: datetime) -> None:
    for number, days in enumerate((31, 29, 2, 0), start=1):
        written(folder, link, now, number=number, days=days)
    judge_new_clicks(now)

    done = compress_and_erase(now)

    assert done == 3
    assert names(folder) == [
        "0000000000002-1-a.clicks.gz", "0000000000003-1-a.clicks.gz", "0000000000004-1-a.clicks",
    ]  # fmt: skip
    assert sorted(SegmentProgress.objects.filter(segment__contains="-").values_list("segment", flat=True)) == [
        "0000000000002-1-a.clicks", "0000000000003-1-a.clicks", "0000000000004-1-a.clicks",
    ]  # fmt: skip
    assert compress_and_erase(now) == 0


def test_compressed_segment_is_erased_by_the_time_it_was_written(
    link: Link, folder: Path, now: datetime, settings: Any
) -> None:
    written(folder, link, now, days=2)
    judge_new_clicks(now)
    compress_and_erase(now)

    assert compress_and_erase(now + timedelta(days=27)) == 0
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, raw_clicks_days=3)
    assert compress_and_erase(now + timedelta(days=2)) == 1

    assert names(folder) == []
    assert sum(row.count for row in JudgedBatch.objects.all()) == 3


def test_what_is_not_judged_stays(link: Link, folder: Path, now: datetime) -> None:
    written(folder, link, now, number=1, days=40)
    future = written(folder, link, now, number=2, days=40)
    future.write_bytes(b"PVCLICK\x09" + future.read_bytes()[8:])
    os.utime(future, (1, 1))

    assert compress_and_erase(now) == 0
    judge_new_clicks(now)
    assert compress_and_erase(now) == 1

    assert names(folder) == [future.name]


def test_compressed_segment_can_be_judged_again(link: Link, folder: Path, now: datetime) -> None:
    written(folder, link, now, days=2)
    judge_new_clicks(now)
    before = list(JudgedBatch.objects.values_list("segment", "start", "end", "clicks"))
    compress_and_erase(now)

    assert judge_new_clicks(now) == 0
    JudgedBatch.objects.all().delete()
    SegmentProgress.objects.all().delete()
    assert judge_new_clicks(now) == 3

    assert list(JudgedBatch.objects.values_list("segment", "start", "end", "clicks")) == before


def test_room_made_beforehand_is_left_out_and_frames_that_end_in_zeros_stay(
    link: Link, folder: Path, now: datetime
) -> None:
    path = written(folder, link, now, days=2)
    whole = path.read_bytes()
    assert whole.endswith(b"\0")  # a click without a User-Agent
    path.write_bytes(whole + bytes(1_000_000))
    os.utime(path, (1, now.timestamp() - 100_000))
    judge_new_clicks(now)

    assert judge_new_clicks(now) == 0
    assert compress_and_erase(now) == 1

    [compressed] = list_segments(folder)
    assert len(list(each_click(compressed))) == 3
    assert read_segment(compressed).end == len(whole)


def test_half_written_files_of_a_killed_process_are_removed(db: None, folder: Path, now: datetime) -> None:
    folder.mkdir()
    parts = [folder / f".1.clicks.gz.{name}.part" for name in ("old", "new")]
    for part, hours in zip(parts, (2, 0), strict=True):
        part.touch()
        moment = (now - timedelta(hours=hours)).timestamp()
        os.utime(part, (moment, moment))

    compress_and_erase(now)

    assert list(folder.iterdir()) == [parts[1]]


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Does it in a process of its own that dies before its file system call number `step`; False: it came to its end."""
    child = os.fork()
    if child == 0:
        left = step

        def watch(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal left
            if event in ("open", "os.rename", "os.remove", "os.utime"):
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(watch)
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_killed_anywhere_every_click_is_there_once(tmp_path: Path, link: Link, now: datetime) -> None:
    deaths = 0
    for step in range(20):
        folder = tmp_path / str(step)
        path = written(folder, link, now, days=2, count=50)
        clicks, end = list(each_click(path)), read_segment(path).end

        deaths += killed_at(step, lambda path=path, end=end: compress_segment(path, end))  # type: ignore[misc]
        assert [click for one in list_segments(folder) for click in each_click(one)] == clicks

        for left in list_segments(folder):
            if left == path:
                assert compress_segment(left, end)
        assert [one.name for one in list_segments(folder)] == [path.name + ".gz"]
        assert [click for one in list_segments(folder) for click in each_click(one)] == clicks
    assert deaths >= 6  # read, write, date, rename, force the folder, remove
