"""Judged clicks in columns: what stands between the raw clicks of the segments and the figures.

A batch is an array of `CLICK`, in the order of its segment. Moments are milliseconds since 1970; a visitor is the eight
bytes of the hash (0: nobody), a language its code as a number (`packing`), so that arrays hold numbers alone.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from portevoix.links.robots import REASONS

CLICK: Final = np.dtype(
    [
        ("at_ms", "<i8"),
        ("visitor", "<u8"),
        ("link", "<i8"),
        ("language", "<i8"),
        ("organisation", "<i4"),
        ("kind", "u1"),
        ("reason", "u1"),
        ("device", "u1"),
        ("flags", "u1"),
    ]
)
Clicks = NDArray[Any]  # of CLICK


class Kind(IntEnum):
    """What a click was. `REPEAT`: the same visitor had opened that link less than half an hour before."""

    PERSON = 0
    REPEAT = 1
    PREVIEW = 2
    ROBOT = 3


REASON_NUMBERS: Final = {reason: number for number, reason in enumerate(REASONS)}
_REASONS: Final = tuple(REASONS)
BURST: Final = REASON_NUMBERS["burst"]


def reason_of(number: int) -> str:
    """The code of a reason by its number."""
    return _REASONS[number] if number < len(_REASONS) else ""


def to_bytes(clicks: Clicks) -> bytes:
    """The batch as it is kept in a row."""
    return clicks.tobytes()


def from_bytes(kept: bytes | memoryview) -> Clicks:
    """The batch that a row keeps; not to be written into."""
    return np.frombuffer(kept, CLICK)


def together(batches: Sequence[Clicks]) -> Clicks:
    """The clicks of several batches in the order of their time; those of one moment in the order of the batches."""
    clicks = np.concatenate(batches) if batches else np.empty(0, CLICK)
    return clicks[np.argsort(clicks["at_ms"], kind="stable")]
