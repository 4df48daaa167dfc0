"""Segments are read whole, from anywhere, and whatever happened to their bytes."""

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portevoix.links.segments import (
    HEADER,
    LONGEST_AGENT,
    Device,
    Flag,
    RawClick,
    Seen,
    each_click,
    frame_of_click,
    frame_of_loss,
    has_unread,
    list_segments,
    name_of,
    open_segment,
    read_segment,
)

reused_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def seen(number: int, agent: str = "Firefox") -> Seen:
    return Seen(
        1_795_510_800_123, number, 7, "abcdefghj", "t.example", "fr", Device.PHONE, b"12345678", agent, 0
    )


def segment(folder: Path, *frames: bytes, header: bytes = HEADER) -> Path:
    path = folder / "0001.clicks"
    path.write_bytes(header + b"".join(frames))
    return path


def test_click_comes_back_as_it_was_seen(tmp_path: Path) -> None:
    path = segment(tmp_path, frame_of_click(seen(3)._replace(flags=Flag.HEAD | Flag.CLOSED)))

    [click] = each_click(path)

    assert click == RawClick(
        segment="0001.clicks",
        position=8,
        end=path.stat().st_size,
        at_ms=1_795_510_800_123,
        link_id=3,
        organisation_id=7,
        code="abcdefghj",
        referrer="t.example",
        language="fr",
        device=Device.PHONE,
        visitor=b"12345678".hex(),
        agent="Firefox",
        flags=Flag.HEAD | Flag.CLOSED,
    )
    assert (click.is_head, click.is_prefetch, click.is_closed) == (True, False, True)
    assert click.at.isoformat(timespec="milliseconds") == "2026-11-24T09:00:00.123+00:00"


def test_missing_agent_and_visitor_come_back_missing(tmp_path: Path) -> None:
    [click] = each_click(segment(tmp_path, frame_of_click(seen(1, agent="")._replace(visitor=b""))))

    assert (click.agent, click.visitor) == (None, "")


def test_reading_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    path = segment(tmp_path, *(frame_of_click(seen(n)) for n in range(10)))

    first = read_segment(path, limit=4)
    second = read_segment(path, first.end)

    assert [click.link_id for click in first.clicks] == [0, 1, 2, 3]
    assert [click.link_id for click in second.clicks] == [4, 5, 6, 7, 8, 9]
    assert read_segment(path, second.end).clicks == []


def test_torn_tail_waits_for_its_rest(tmp_path: Path) -> None:
    last = frame_of_click(seen(2))
    path = segment(tmp_path, frame_of_click(seen(1)), last[:20])

    torn = read_segment(path)
    path.write_bytes(path.read_bytes() + last[20:])

    assert ([click.link_id for click in torn.clicks], torn.torn_bytes, torn.damaged_bytes) == ([1], 20, 0)
    assert [click.link_id for click in each_click(path, torn.end)] == [2]


def test_damaged_click_is_skipped_and_counted(tmp_path: Path) -> None:
    damaged = bytearray(frame_of_click(seen(2)))
    damaged[30] ^= 1
    path = segment(tmp_path, frame_of_click(seen(1)), bytes(damaged), frame_of_click(seen(3)))

    reading = read_segment(path)

    assert ([click.link_id for click in reading.clicks], reading.damaged_bytes) == ([1, 3], len(damaged))


def test_stretch_of_zeros_left_by_a_loss_of_power_is_passed_over(tmp_path: Path) -> None:
    path = segment(tmp_path, frame_of_click(seen(1)), bytes(50_000), frame_of_click(seen(2)))

    assert [click.link_id for click in each_click(path)] == [1, 2]


def test_losses_are_told(tmp_path: Path) -> None:
    path = segment(tmp_path, frame_of_loss(1, 40), frame_of_click(seen(1)), frame_of_loss(2, 2))

    reading = read_segment(path)

    assert (reading.lost, len(reading.clicks)) == (42, 1)


@pytest.mark.parametrize(("header", "reason"), [(HEADER[:7] + b"\x02", "future"), (b"SQLite f", "foreign")])
def test_segment_of_another_kind_is_set_aside_untouched(tmp_path: Path, header: bytes, reason: str) -> None:
    reading = read_segment(segment(tmp_path, frame_of_click(seen(1)), header=header))

    assert (reading.set_aside, reading.clicks, reading.end) == (reason, [], 0)


@pytest.mark.parametrize("header", [b"", HEADER[:3]])
def test_segment_just_begun_is_empty(tmp_path: Path, header: bytes) -> None:
    reading = read_segment(segment(tmp_path, header=header))

    assert (reading.set_aside, reading.clicks, reading.end, reading.torn_bytes) == ("", [], 0, len(header))


@reused_folder
@given(data=st.binary(max_size=3000), position=st.integers(0, 4000))
def test_any_bytes_are_read_without_failing(tmp_path: Path, data: bytes, position: int) -> None:
    reading = read_segment(segment(tmp_path, data), position)

    assert reading.end >= position


@reused_folder
@given(
    noise=st.lists(
        st.binary(max_size=200) | st.integers(0, 99).map(lambda n: frame_of_click(seen(n))), max_size=12
    )
)
def test_whole_clicks_are_found_in_any_noise(tmp_path: Path, noise: list[bytes]) -> None:
    path = segment(tmp_path, *noise, frame_of_click(seen(1000)))

    found = [click.link_id for click in each_click(path)]

    assert found[-1:] == [1000]


@reused_folder
@given(agent=st.text().map(lambda text: text.replace("\0", "")))
def test_any_agent_is_kept_up_to_its_limit(tmp_path: Path, agent: str) -> None:
    [click] = each_click(segment(tmp_path, frame_of_click(seen(1, agent=agent))))

    assert click.agent == (agent[:LONGEST_AGENT].encode("utf-8", "replace").decode() or None)


def test_segments_are_listed_by_age(tmp_path: Path) -> None:
    for name in ("2.clicks", "1.clicks", "1.tmp"):
        (tmp_path / name).touch()

    assert [path.name for path in list_segments(tmp_path)] == ["1.clicks", "2.clicks"]
    assert list_segments(tmp_path / "absent") == []


def compressed(path: Path) -> Path:
    """The compressed form of a segment, beside it."""
    beside = path.with_name(path.name + ".gz")
    beside.write_bytes(gzip.compress(path.read_bytes()))
    return beside


def calm(path: Path) -> Path:
    """As if nobody had written to it lately."""
    os.utime(path, (1_795_510_800, 1_795_510_800))
    return path


def test_compressed_segment_reads_as_it_did(tmp_path: Path) -> None:
    path = segment(tmp_path, *(frame_of_click(seen(n)) for n in range(10)))
    plain = list(each_click(path))

    beside = compressed(path)
    path.unlink()

    assert list(each_click(beside)) == plain
    assert read_segment(beside, plain[3].end, limit=2).clicks == plain[4:6]
    assert list(each_click(path)) == plain  # listed before it was compressed
    with open_segment(beside) as file:
        file.seek(plain[3].position)
        assert file.read(2) == b"\xc1\x1c"


def test_segment_in_both_forms_is_listed_once(tmp_path: Path) -> None:
    for name in ("3.clicks.gz", "2.clicks", "2.clicks.gz", "1.clicks", ".1.clicks.gz.0a.part"):
        (tmp_path / name).touch()

    listed = list_segments(tmp_path)

    assert [path.name for path in listed] == ["1.clicks", "2.clicks", "3.clicks.gz"]
    assert [name_of(path) for path in listed] == ["1.clicks", "2.clicks", "3.clicks"]


@pytest.mark.parametrize("cut", [9, -9, -3])
def test_damaged_compressed_segment_cannot_be_read_and_says_so(tmp_path: Path, cut: int) -> None:
    beside = compressed(segment(tmp_path, *(frame_of_click(seen(n)) for n in range(10))))
    beside.write_bytes(beside.read_bytes()[:cut])
    calm(beside)

    with pytest.raises(OSError, match=r"1\.clicks\.gz"):
        read_segment(beside)
    assert has_unread(beside, 8)


@pytest.mark.parametrize("room", [b"", b"\0" * 20_000, frame_of_click(seen(3))[:-1]])
def test_read_segment_has_nothing_unread_whatever_is_left_at_its_end(tmp_path: Path, room: bytes) -> None:
    path = calm(segment(tmp_path, *(frame_of_click(seen(n)) for n in range(3)), room))
    end = read_segment(path).end

    assert [has_unread(path, at) for at in (0, 8, end)] == [True, True, False]
    assert [has_unread(calm(compressed(path)), at) for at in (0, 8, end)] == [True, True, False]


def test_click_that_comes_into_room_made_beforehand_is_unread(tmp_path: Path) -> None:
    path = calm(segment(tmp_path, b"\0" * 20_000))
    assert not has_unread(path, 8)

    with path.open("r+b") as file:
        file.seek(8)
        file.write(frame_of_click(seen(1)))

    assert has_unread(path, 8)


def test_segment_that_is_gone_has_nothing_unread(tmp_path: Path) -> None:
    assert not has_unread(tmp_path / "1.clicks", 0)


def test_segment_of_a_later_version_has_something_to_say(tmp_path: Path) -> None:
    assert has_unread(calm(segment(tmp_path, frame_of_click(seen(1)), header=b"PVCLICK\x02")), 0)
