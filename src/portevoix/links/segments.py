"""Segments: files of raw clicks, one process each, appended to and never rewritten.

A segment is a header of eight bytes (seven that say what it is, one for the version) and then frames: a mark of two
bytes, the length of the payload, its CRC-32, the payload. All numbers are little-endian. A frame is written by one
`write` (many, when they come together), so a killed process leaves whole frames, and a lost disk leaves a torn one that
reading recognises. A segment may have room made beforehand: zeros up to its end are nothing written yet.

Reading never fails on bytes: damaged stretches are counted and skipped up to the next whole frame, a torn tail is left
for the next reading (it may still be arriving), a segment of a later version is set aside untouched.

Once judged, a segment is compressed (`archive`): the same name with `.gz` after it, the same bytes inside, so that
positions mean the same in both.
"""

import gzip
import io
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import IntEnum, IntFlag
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from zlib import crc32
from zlib import error as ZlibError

VERSION: Final = 1
HEADER: Final = b"PVCLICK" + bytes([VERSION])
SUFFIX: Final = ".clicks"
COMPRESSED: Final = ".gz"
LONGEST_PAYLOAD: Final = 4096
LONGEST_AGENT: Final = 512

_MARK: Final = b"\xc1\x1c"
_FRAME: Final = struct.Struct("<2sHI")
_FACTS: Final = struct.Struct("<BQqqBB8s")  # kind, ms, link, organisation, flags, device, visitor
FACTS_BYTES: Final = _FACTS.size
_LOSS: Final = struct.Struct("<BQQ")  # kind, ms, how many
_LONGEST_FRAME: Final = _FRAME.size + LONGEST_PAYLOAD
_CALM_SECONDS: Final = 2.0  # clocks of file systems are coarser than two writes


class Device(IntEnum):
    """What the visitor holds, as far as the User-Agent tells."""

    OTHER = 0
    PHONE = 1
    TABLET = 2
    DESKTOP = 3


class Flag(IntFlag):
    """What else was seen of a click."""

    HEAD = 1
    PREFETCH = 2
    CLOSED = 4  # the story was withdrawn or had expired: the visitor was led to the company's page


class _Kind(IntEnum):
    CLICK = 1
    LOSS = 2


CLICK: Final = int(_Kind.CLICK)
NOBODY: Final = bytes(8)  # the visitor of a click without a secret


@dataclass(frozen=True, slots=True)
class RawClick:
    """One answer of the redirector as it was seen, unjudged. `agent` is None when the request named none.

    `segment` and `position` identify it for good; `end` is where reading goes on after it.
    """

    segment: str
    position: int
    end: int
    at_ms: int
    link_id: int
    organisation_id: int
    code: str
    referrer: str
    language: str
    device: Device
    visitor: str
    agent: str | None
    flags: Flag

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.at_ms / 1000, UTC)

    @property
    def is_head(self) -> bool:
        return Flag.HEAD in self.flags

    @property
    def is_prefetch(self) -> bool:
        return Flag.PREFETCH in self.flags

    @property
    def is_closed(self) -> bool:
        return Flag.CLOSED in self.flags


class Seen(NamedTuple):
    """What the redirector writes down of a click. Strings hold no NUL; `visitor` is eight bytes or empty."""

    at_ms: int
    link_id: int
    organisation_id: int
    code: str
    referrer: str
    language: str
    device: int
    visitor: bytes
    agent: str
    flags: int


@dataclass(slots=True)
class Stretch:
    """What was read of a segment from a position, and what could not be.

    `end` is where the next reading begins. `payloads` are those of whole frames of clicks, each with where its frame
    begins and ends. `lost` counts clicks that the redirector answered and could not write. `torn_bytes` are an incomplete
    frame at the end. `set_aside` names why the segment was not read at all: `future` (a later version wrote it) or
    `foreign` (it is not a segment).
    """

    end: int
    payloads: list[tuple[int, int, bytes]] = field(default_factory=list)
    lost: int = 0
    damaged_bytes: int = 0
    unknown_frames: int = 0
    torn_bytes: int = 0
    set_aside: str = ""


@dataclass(slots=True)
class Reading(Stretch):
    """A stretch with its clicks told in full."""

    clicks: list[RawClick] = field(default_factory=list)


def clicks_folder(var: Path) -> Path:
    """Where segments are, inside the folder of everything that lives."""
    return var / "clicks"


def list_segments(folder: Path) -> list[Path]:
    """The segments of a folder, compressed or not, each once, oldest first by name; none when there is no folder yet."""
    found = {name_of(path): path for path in folder.glob(f"*{SUFFIX}{COMPRESSED}")}
    found.update((path.name, path) for path in folder.glob(f"*{SUFFIX}"))  # not yet removed: as good
    return [found[name] for name in sorted(found)]


def name_of(path: Path) -> str:
    """What a segment is called, the same whether it is compressed or not."""
    return path.name.removesuffix(COMPRESSED)


def is_compressed(path: Path) -> bool:
    """Whether this is a segment in its compressed form."""
    return path.name.endswith(SUFFIX + COMPRESSED)


def open_segment(path: Path) -> BinaryIO:
    """The bytes of a segment as they were written, to be read and sought; it may have been compressed since.

    Raises OSError when it cannot be read, also when it is compressed and damaged.
    """
    if not is_compressed(path):
        try:
            return path.open("rb")
        except FileNotFoundError:
            path = path.with_name(path.name + COMPRESSED)
    try:
        return io.BytesIO(gzip.decompress(path.read_bytes()))
    except (EOFError, ZlibError) as error:
        raise OSError(f"{path.name} is damaged: {error}") from error


def has_unread(path: Path, position: int) -> bool:
    """Whether a reading from `position` (where the last one ended) would say anything; cheap to ask again and again.

    Room made beforehand and a torn tail say nothing; neither does a segment that is no longer there. What cannot be read
    or must be set aside says so.
    """
    try:
        seen = path.stat()
        if position >= (_length(path, seen.st_size) if is_compressed(path) else seen.st_size):
            return False
        if abs(time.time() - seen.st_mtime) < _CALM_SECONDS:
            return True
        return _says_something(path, position, seen.st_size, seen.st_mtime_ns)
    except FileNotFoundError:
        return False
    except OSError:
        return True


@lru_cache(maxsize=16_384)
def _says_something(path: Path, position: int, size: int, changed_ns: int) -> bool:
    """Asked once for each state of the file, which its size and time tell apart."""
    reading = read_segment(path, position, limit=1)
    return reading.end > position or bool(reading.set_aside)


def _length(path: Path, size: int) -> int:
    """How many bytes a compressed segment holds, as its last four say."""
    with path.open("rb") as file:
        file.seek(max(0, size - 4))
        return int.from_bytes(file.read(4), "little")


def frame_of_click(seen: Seen) -> bytes:
    """The frame of a click; texts beyond their limits are cut, never refused."""
    code, visitor = seen.code.encode("utf-8", "replace"), seen.visitor or NOBODY
    facts = (CLICK, seen.at_ms, seen.link_id, seen.organisation_id, seen.flags, seen.device, visitor)
    return frame_of_facts(facts, code, texts_of(seen.language, seen.referrer, seen.agent))


def texts_of(language: str, referrer: str, agent: str) -> bytes:
    """What a click's frame says in words after the code; often the same, so worth keeping."""
    return f"\0{language}\0{referrer}\0{agent[:LONGEST_AGENT]}".encode("utf-8", "replace")


def frame_of_facts(facts: tuple[int, int, int, int, int, int, bytes], code: bytes, texts: bytes) -> bytes:
    """The frame of a click whose parts are ready: `CLICK`, ms, link, organisation, flags, device, visitor."""
    payload = (_FACTS.pack(*facts) + code + texts)[:LONGEST_PAYLOAD]
    return _FRAME.pack(_MARK, len(payload), crc32(payload)) + payload


def frame_of_loss(at_ms: int, count: int) -> bytes:
    """The frame that owns up to `count` clicks answered but not written before this moment."""
    return _frame(_LOSS.pack(_Kind.LOSS, at_ms, count))


def read_segment(path: Path, position: int = 0, limit: int = 10_000) -> Reading:
    """Up to `limit` clicks of a segment from a position that an earlier reading gave as its `end` (0: the start).

    Raises OSError when the file cannot be read; never fails on what it holds.
    """
    stretch = read_stretch(path, position, limit)
    found = {one.name: getattr(stretch, one.name) for one in fields(stretch)}
    return Reading(**found, clicks=list(_clicks_of(stretch, name_of(path))))


def _clicks_of(stretch: Stretch, segment: str) -> Iterator[RawClick]:
    for position, end, payload in stretch.payloads:
        yield _click_of(payload, segment, position, end)


def read_stretch(path: Path, position: int = 0, limit: int = 10_000) -> Stretch:
    """As `read_segment`, with the clicks as they were written: quicker for who needs no more."""
    room = limit * 256 + 2 * _LONGEST_FRAME
    with open_segment(path) as file:
        header = file.read(len(HEADER))
        start = max(position, len(HEADER))
        file.seek(start)
        data = file.read(room)
    stretch = Stretch(end=position)
    stretch.set_aside = _reason_to_set_aside(header)
    if len(header) < len(HEADER) or stretch.set_aside:
        stretch.torn_bytes = 0 if stretch.set_aside else len(header)
        return stretch
    stretch = _read_frames(data, start, limit)
    if len(data) == room:  # the reading was cut short, not the file
        stretch.torn_bytes = 0
    return stretch


def _frame(payload: bytes) -> bytes:
    return _FRAME.pack(_MARK, len(payload), crc32(payload)) + payload


def _reason_to_set_aside(header: bytes) -> str:
    if not HEADER.startswith(header[:7]):
        return "foreign"
    return "future" if len(header) == len(HEADER) and header[7] != VERSION else ""


def _read_frames(data: bytes, base: int, limit: int) -> Stretch:
    stretch = Stretch(end=base)
    payloads, size, at = stretch.payloads, len(data), 0
    unpack, room = _FRAME.unpack_from, _FRAME.size
    while at < size and len(payloads) < limit:
        if (
            size - at >= room
        ):  # what follows is nearly always a whole frame of a click: taken without a detour
            mark, length, checksum = unpack(data, at)
            end = at + room + length
            payload = data[at + room : end]
            if mark == _MARK and end <= size and crc32(payload) == checksum and _is_click(payload):
                payloads.append((base + at, base + end, payload))
                at = end
                continue
        step = _step_over(stretch, data, at)
        if step is None:
            break
        at = step
    stretch.end = base + at if stretch.end == base else stretch.end
    return stretch


def _step_over(stretch: Stretch, data: bytes, at: int) -> int | None:
    """Where reading goes on after what is no click of this version; None when nothing more can be read now."""
    payload = _payload_at(data, at)
    if payload is not None:
        _take(stretch, payload)
        return at + _FRAME.size + len(payload)
    if not data[at:].strip(b"\0"):  # room made beforehand: nothing was written here yet
        return None
    found = _next_whole_frame(data, at + 1)
    if found is None:
        _leave_tail(stretch, data, at)
        return None
    stretch.damaged_bytes += found - at
    return found


def _payload_at(data: bytes, at: int) -> bytes | None:
    """The payload of the whole and true frame at `at`, or None."""
    if len(data) - at < _FRAME.size:
        return None
    mark, length, checksum = _FRAME.unpack_from(data, at)
    if mark != _MARK or not 0 < length <= LONGEST_PAYLOAD or at + _FRAME.size + length > len(data):
        return None
    payload = data[at + _FRAME.size : at + _FRAME.size + length]
    return payload if crc32(payload) == checksum else None


def _next_whole_frame(data: bytes, start: int) -> int | None:
    at = data.find(_MARK, start)
    while at >= 0:
        if _payload_at(data, at) is not None:
            return at
        at = data.find(_MARK, at + 1)
    return None


def _leave_tail(stretch: Stretch, data: bytes, at: int) -> None:
    """What could still be a frame on its way stays for the next reading; what is too long for that is damage.

    Zeros at the end are room made beforehand: the frame may just be coming into it.
    """
    written = len(data.rstrip(b"\0"))
    kept = max(at, written - _LONGEST_FRAME + 1)
    stretch.damaged_bytes += kept - at
    stretch.torn_bytes = len(data) - kept if len(data) - kept < _LONGEST_FRAME else written - kept
    stretch.end += kept


def _take(stretch: Stretch, payload: bytes) -> None:
    if payload[0] == _Kind.LOSS and len(payload) == _LOSS.size:
        stretch.lost += _LOSS.unpack(payload)[2]
    else:
        stretch.unknown_frames += 1


def _is_click(payload: bytes) -> bool:
    """Whether these are the facts and four texts of a click of this version; every click of a stretch is asked."""
    return (
        _FACTS.size <= len(payload) <= LONGEST_PAYLOAD
        and payload[0] == CLICK
        and payload.count(0, _FACTS.size) == _TEXTS_AFTER_CODE
        and payload[_FLAGS_AT] <= _ALL_FLAGS
        and payload[_FLAGS_AT + 1] < _DEVICES
        and int.from_bytes(payload[1:9], "little") <= _LAST_MS
    )


_TEXTS_AFTER_CODE: Final = 3
_FLAGS_AT: Final = struct.calcsize("<BQqq")  # the device comes next
_DEVICES: Final = len(Device)


def _click_of(payload: bytes, segment: str, position: int, end: int) -> RawClick:
    texts = payload[_FACTS.size :].decode("utf-8", "replace").split("\0")
    _, at_ms, link_id, organisation_id, flags, device, visitor = _FACTS.unpack_from(payload)
    return RawClick(
        segment=segment,
        position=position,
        end=end,
        at_ms=at_ms,
        link_id=link_id,
        organisation_id=organisation_id,
        code=texts[0],
        referrer=texts[2],
        language=texts[1],
        device=Device(device),
        visitor="" if visitor == NOBODY else visitor.hex(),
        agent=texts[3] or None,
        flags=Flag(flags),
    )


_ALL_FLAGS: Final = int(Flag.HEAD | Flag.PREFETCH | Flag.CLOSED)
_LAST_MS: Final = 253_402_300_799_000  # the end of the year 9999, past which `at` could not be told


def each_click(path: Path, position: int = 0) -> Iterator[RawClick]:
    """Every click of a segment from a position, in the order they came."""
    while True:
        reading = read_segment(path, position)
        yield from reading.clicks
        if reading.end <= position:
            return
        position = reading.end
