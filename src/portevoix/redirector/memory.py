"""What is remembered of the database: bounded, and small for each link.

Links are many and most are asked for seldom: each is packed into one string of bytes, and only those asked for lately are
kept unpacked as well.
"""

import ctypes
import struct
from contextlib import suppress
from math import ceil
from typing import Final, Generic, TypeVar

from portevoix.links.codes import ALPHABET
from portevoix.redirector.answer import Link

NEVER: Final = float("-inf")
LATELY: Final = 8192

Value = TypeVar("Value")
Known = tuple[float, Link]

# When it was read (in seconds, 0: not to be believed), its number and its organisation's, when it ends (0:
# never), what is there with two lengths; then the location, and the fallback without what it shares with the location.
_PACKED: Final = struct.Struct("<IqIII")
_HAS_LOCATION, _HAS_FALLBACK, _IS_WITHDRAWN, _CARRIES_CLICK_ID, _HAS_CARD = 1, 2, 4, 8, 16
_LENGTH_BITS: Final = 13  # of addresses of at most 8,000 signs


class Memory(Generic[Value]):
    """Remembers at most `capacity` values, in two generations: what was not kept again during one is forgotten."""

    def __init__(self, capacity: int) -> None:
        self._half = max(1, capacity // 2)
        self._young: dict[object, Value] = {}
        self._old: dict[object, Value] = {}

    def get(self, key: object) -> Value | None:
        return self._young.get(key) or self._old.get(key)

    def keep(self, key: object, value: Value) -> None:
        if len(self._young) >= self._half and key not in self._young:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def forget(self, key: object) -> None:
        self._young.pop(key, None)
        self._old.pop(key, None)

    def keys(self) -> set[object]:
        """Everything remembered; slow."""
        return self._young.keys() | self._old.keys()

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


class Links:
    """Remembers at most `capacity` links, each with the second at which it was read."""

    def __init__(self, capacity: int) -> None:
        self._lately: Memory[Known] = Memory(min(capacity, LATELY))
        self._packed: Memory[bytes] = Memory(capacity)
        self._doubted_at = NEVER

    def get(self, code: str) -> Known | None:
        """When the link was read (`NEVER` when that is not to be believed any more), and the link."""
        known = self._lately.get(code)
        if known is None:
            packed = self._packed.get(_number(code))
            if packed is None:
                return None
            known = unpacked(code, packed)
            self._lately.keep(code, known)
        return known if known[0] > self._doubted_at else (NEVER, known[1])

    def keep(self, code: str, read_at: float, link: Link) -> None:
        lately, number = self._lately.get(code), _number(code)
        as_before = self._packed.get(number) if lately is not None and lately[1] == link else None
        self._lately.keep(code, (read_at, link))
        # An age that is too high there does no harm: the link is read once more.
        self._packed.keep(number, as_before or packed(read_at, link))

    def doubt(self, code: str) -> None:
        """The link has changed: it is read again before it is believed."""
        known = self.get(code)
        if known is not None:
            self.keep(code, NEVER, known[1])

    def doubt_all(self, now: float) -> None:
        """Any link may have changed until now."""
        self._doubted_at = now

    def forget(self, code: str) -> None:
        self._lately.forget(code)
        self._packed.forget(_number(code))

    def __len__(self) -> int:
        return len(self._packed)


def packed(read_at: float, link: Link) -> bytes:
    """A link and when it was read, in one string of bytes; in whole seconds: read a bit earlier, ending a bit later."""
    location, fallback = link.location or "", link.fallback or ""
    shared = len(fallback) if location.startswith(fallback) else 0
    has = (
        (_HAS_LOCATION if link.location is not None else 0)
        | (_HAS_FALLBACK if link.fallback is not None else 0)
        | (_IS_WITHDRAWN if link.withdrawn else 0)
        | (_CARRIES_CLICK_ID if link.carries_click_id else 0)
        | (_HAS_CARD if link.has_card else 0)
    )
    said = (has << _LENGTH_BITS | len(location)) << _LENGTH_BITS | shared
    read = int(read_at) if read_at > 0 else 0
    ends = 0 if link.expires_at is None else min(max(ceil(link.expires_at), 1), 0xFFFFFFFF)
    facts = _PACKED.pack(read, link.id, link.organisation_id, ends, said)
    return facts + (location + fallback[shared:]).encode("ascii")


def unpacked(code: str, data: bytes) -> Known:
    """When it was read and the link, out of that string."""
    read, number, organisation_id, ends, said = _PACKED.unpack_from(data)
    shared = said & (1 << _LENGTH_BITS) - 1
    length = said >> _LENGTH_BITS & (1 << _LENGTH_BITS) - 1
    has = said >> 2 * _LENGTH_BITS
    texts = data[_PACKED.size :].decode("ascii")
    link = Link(
        id=number,
        organisation_id=organisation_id,
        code=code,
        location=texts[:length] if has & _HAS_LOCATION else None,
        fallback=texts[:shared] + texts[length:] if has & _HAS_FALLBACK else None,
        expires_at=float(ends) if ends else None,
        withdrawn=bool(has & _IS_WITHDRAWN),
        carries_click_id=bool(has & _CARRIES_CLICK_ID),
        has_card=bool(has & _HAS_CARD),
    )
    return float(read) if read else NEVER, link


def _number(code: str) -> int:
    """A code as a number, which takes half the room; the sign before it keeps codes of other lengths apart."""
    return int("1" + code.translate(_DIGITS), len(ALPHABET))


_DIGITS: Final = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstu")


def give_back_large_pieces() -> None:
    """Has the C library give back large pieces of memory when they are freed; does nothing where it cannot be told.

    A table of links is made anew whenever it grows. By its habit, glibc would keep the former ones for later, which never
    comes (mallopt(3), M_MMAP_THRESHOLD: once set, it stays).
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


_MMAP_THRESHOLD: Final = -3
_LARGE_BYTES: Final = 1 << 20
