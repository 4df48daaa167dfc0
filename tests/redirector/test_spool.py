"""Clicks are written whole, in segments that end, and losses are owned up to."""

import os
import threading
from pathlib import Path

import pytest

from portevoix.links.segments import Seen, each_click, frame_of_click, list_segments, read_segment
from portevoix.redirector import spool as spool_module
from portevoix.redirector.spool import Spool
from redirector_bench import Clock

FULL_DISK = OSError(28, "No space left on device")


def frame(number: int) -> bytes:
    return frame_of_click(Seen(1, number, 7, "code", "", "fr", 1, b"", "agent", 0))


def written(folder: Path) -> list[int]:
    return sorted(click.link_id for path in list_segments(folder) for click in each_click(path))


def test_clicks_of_many_threads_are_all_whole(tmp_path: Path) -> None:
    spool = Spool(tmp_path, largest_bytes=4000)
    threads = [
        threading.Thread(target=lambda base=base: [spool.record(frame(base + n)) for n in range(200)])
        for base in range(0, 1600, 200)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spool.close()

    assert written(tmp_path) == list(range(1600))


def test_segment_ends_when_it_is_large(tmp_path: Path) -> None:
    spool = Spool(tmp_path, largest_bytes=150)

    for number in range(4):
        spool.record(frame(number))
    spool.close()

    assert [path.stat().st_size < 300 for path in list_segments(tmp_path)] == [True, True]
    assert written(tmp_path) == [0, 1, 2, 3]


@pytest.mark.parametrize("jump", [3600.0, -60.0])
def test_segment_ends_when_it_is_old_or_the_clock_went_back(tmp_path: Path, jump: float) -> None:
    clock = Clock()
    spool = Spool(tmp_path, now=clock)
    spool.record(frame(1))
    clock.moment += jump

    spool.record(frame(2))
    spool.close()

    assert len(list_segments(tmp_path)) == 2


def test_disk_full_is_owned_up_to_in_the_next_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    spool.record(frame(1))

    with monkeypatch.context() as disk:
        disk.setattr(spool_module.os, "write", lambda file, data: (_ for _ in ()).throw(FULL_DISK))
        lost = [spool.record(frame(2)), spool.record(frame(3))]
    spool.record(frame(4))
    spool.close()

    assert (lost, spool.lost, written(tmp_path)) == ([False, False], 2, [1, 4])
    assert sum(read_segment(path).lost for path in list_segments(tmp_path)) == 2


def test_clicks_that_are_lost_leave_no_files_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    spool.record(frame(1))
    open_files = len(list(Path("/proc/self/fd").iterdir()))

    with monkeypatch.context() as disk:
        disk.setattr(spool_module.os, "write", lambda file, data: (_ for _ in ()).throw(FULL_DISK))
        lost = [spool.record(frame(number)) for number in range(20)]

    assert (lost, len(list_segments(tmp_path))) == ([False] * 20, 1)
    assert len(list(Path("/proc/self/fd").iterdir())) <= open_files
    spool.close()


def test_piece_of_a_click_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    spool.record(frame(1))
    write = os.write

    with monkeypatch.context() as disk:
        disk.setattr(spool_module.os, "write", lambda file, data: write(file, data[:10]))
        spool.record(frame(2))
    spool.close()

    [segment] = list_segments(tmp_path)
    assert (read_segment(segment).torn_bytes, written(tmp_path)) == (0, [1])


def test_folder_that_vanished_is_made_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "clicks", oldest_seconds=0.0)
    spool.record(frame(1))
    for path in (tmp_path / "clicks").iterdir():
        path.unlink()
    (tmp_path / "clicks").rmdir()

    spool.record(frame(2))
    spool.close()

    assert written(tmp_path / "clicks") == [2]


def test_folder_that_cannot_be_made_costs_the_click_only(tmp_path: Path) -> None:
    (tmp_path / "clicks").write_text("a file is in the way")
    spool = Spool(tmp_path / "clicks")

    assert (spool.record(frame(1)), spool.lost) == (False, 1)


def test_what_was_written_is_forced_onto_the_disk_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced = threading.Event()
    monkeypatch.setattr(spool_module.os, "fdatasync", lambda file: forced.set())
    spool = Spool(tmp_path)

    spool.record(frame(1))

    assert forced.wait(1.0)
    spool.close()


def test_forked_child_writes_a_segment_of_its_own(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.record(frame(1))

    child = os.fork()
    if child == 0:
        spool.record(frame(2))
        os._exit(0)
    os.waitpid(child, 0)
    spool.close()

    assert len(list_segments(tmp_path)) == 2
    assert written(tmp_path) == [1, 2]


def test_clicks_that_came_together_are_one_append(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    spool.record(frame(0))
    appended: list[int] = []
    write = os.write
    monkeypatch.setattr(
        spool_module.os, "write", lambda file, data: (appended.append(1), write(file, data))[1]
    )

    spool.record_all([frame(number) for number in range(1, 50)])
    spool.close()

    assert (len(appended), spool.written, written(tmp_path)) == (1, 50, list(range(50)))


def test_clicks_that_came_together_are_lost_and_owned_up_to_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    write = os.write

    with monkeypatch.context() as disk:
        disk.setattr(spool_module.os, "write", lambda file, data: write(file, data[:90]))
        spool.record_all([frame(number) for number in range(5)])
    spool.record(frame(9))
    spool.close()

    assert (spool.lost, written(tmp_path)) == (5, [9])
    assert sum(read_segment(path).lost for path in list_segments(tmp_path)) == 5


def test_room_made_beforehand_is_no_damage_and_is_given_back(tmp_path: Path) -> None:
    spool = Spool(tmp_path, makes_room=True, largest_bytes=100_000)
    spool.record_all([frame(1), frame(2)])
    [segment] = list_segments(tmp_path)
    first = read_segment(segment)
    size = segment.stat().st_size
    spool.record(frame(3))
    second = read_segment(segment, first.end)
    spool.close()

    assert size == 100_000
    assert (first.damaged_bytes, first.torn_bytes, [click.link_id for click in first.clicks]) == (
        0,
        0,
        [1, 2],
    )
    assert [click.link_id for click in second.clicks] == [3]
    assert segment.stat().st_size == second.end


def test_forcing_returns_when_the_disk_has_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path, sync_seconds=60.0)
    forced: list[int] = []
    monkeypatch.setattr(spool_module.os, "fdatasync", forced.append)
    spool.record(frame(1))
    lag = spool.lag_seconds

    spool.force()

    assert (len(forced), lag > 0, spool.lag_seconds) == (1, True, 0.0)
    spool.close()


@pytest.mark.parametrize("cut", [1, 9, 30, 50])
def test_click_that_is_just_coming_into_its_room_is_waited_for(tmp_path: Path, cut: int) -> None:
    spool = Spool(tmp_path, makes_room=True, largest_bytes=100_000)
    spool.record_all([frame(1), frame(2)])
    [segment] = list_segments(tmp_path)
    whole = segment.read_bytes()
    begun = read_segment(segment, 0, limit=1).end + cut
    segment.write_bytes(whole[:begun] + bytes(len(whole) - begun))

    early = read_segment(segment)
    segment.write_bytes(whole)
    late = read_segment(segment, early.end)

    assert (early.damaged_bytes, [click.link_id for click in early.clicks]) == (0, [1])
    assert [click.link_id for click in late.clicks] == [2]
    spool.close()
