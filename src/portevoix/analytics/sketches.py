"""Sketches of unique visitors: a few bytes that say about how many different people there are, and that can be united.

The one wrapper of `datasketches` (HyperLogLog), loaded at the first use so that pages without unions never pay for it.
A sketch is `bytes` in the library's own compact form, the same for all its versions and languages; no bytes at all are
the sketch of nobody. Up to about 380 visitors a sketch holds them all and counts exactly; beyond, it stays at 2 kB.

Visitors are unsigned 64-bit hashes, uniformly random already. The library hashes them once more: that costs some
nanoseconds and changes nothing, since different numbers stay different.

What is united has forgotten who came twice, as it should; nothing can be taken out of a sketch again.
"""

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from portevoix.analytics.intervals import NOTHING, Interval, whole

if TYPE_CHECKING:
    import datasketches
    import numpy

# 4,096 registers of 4 bits, 2 kB: half-widths of 2.9 % (made from visitors) and 3.6 % (made from sketches).
LG_K: Final = 12
EMPTY: Final = b""
# At two standard deviations the library's bounds held 94.9 % of 1,000 trials of 200,000 visitors; a tenth wider, 97.2 %.
_DEVIATIONS: Final = 2
_WIDER: Final = 1.1
_SIGN: Final = 1 << 63
_SPAN: Final = 1 << 64

Visitors: TypeAlias = "Iterable[int] | numpy.ndarray[Any, Any]"


class DamagedSketch(ValueError):
    """These bytes are no sketch."""


def sketch_of(visitors: Visitors) -> bytes:
    """The sketch of these visitors; whoever comes twice is one. A numpy array of uint64 is fastest."""
    return add(EMPTY, visitors)


def add(blob: bytes, visitors: Visitors) -> bytes:
    """The sketch with these visitors in it too. Refuses bytes that are no sketch."""
    signed = _signed(visitors)
    if not signed:
        return blob
    sketch = _read(blob) if blob else _new()
    deque(map(sketch.update, signed), maxlen=0)
    return _written(sketch)


def add_signed(blob: bytes, visitors: list[int]) -> tuple[bytes, int]:
    """As `add`, of visitors that are signed numbers already, with about how many are in it then: for who writes many."""
    sketch = _read(blob) if blob else _new()
    update = sketch.update
    for visitor in visitors:
        update(visitor)
    return bytes(sketch.serialize_compact()), round(sketch.get_estimate())


def union(blobs: Iterable[bytes]) -> bytes:
    """The sketch of everybody who is in at least one of these. Refuses bytes that are no sketch."""
    known = [blob for blob in blobs if blob]
    if len(known) < 2:
        return known[0] if known else EMPTY  # untouched: its interval is narrower than that of a union
    import datasketches

    everybody = datasketches.hll_union(LG_K)
    for blob in known:
        everybody.update(_read(blob))
    return _written(everybody.get_result(datasketches.tgt_hll_type.HLL_4))


def estimate(blob: bytes) -> Interval:
    """How many different visitors, in whole people, with the 95 % interval. Refuses bytes that are no sketch."""
    if not blob:
        return NOTHING
    sketch = _read(blob)
    low, high = sketch.get_lower_bound(_DEVIATIONS), sketch.get_upper_bound(_DEVIATIONS)
    return whole(Interval(low, sketch.get_estimate(), high).widened(_WIDER))


def _signed(visitors: Visitors) -> list[int]:
    """The same 64 bits as signed numbers: above 2^63 the library would round to a fraction and take two for one."""
    if hasattr(visitors, "dtype"):
        array = cast("numpy.ndarray[Any, Any]", visitors)
        return list(array.astype("uint64", copy=False).view("int64").tolist())
    return [visitor - _SPAN if visitor >= _SIGN else visitor for visitor in visitors]


def _new() -> "datasketches.hll_sketch":
    import datasketches

    return datasketches.hll_sketch(LG_K, datasketches.tgt_hll_type.HLL_4)


def _read(blob: bytes) -> "datasketches.hll_sketch":
    import datasketches

    try:
        sketch = datasketches.hll_sketch.deserialize(bytes(blob))
    except (ValueError, RuntimeError, IndexError, MemoryError) as error:
        raise DamagedSketch(f"{len(blob)} bytes that are no sketch: {error}") from error
    if sketch.lg_config_k != LG_K:
        raise DamagedSketch(f"a sketch of 2^{sketch.lg_config_k} registers is none of ours")
    return sketch


def _written(sketch: "datasketches.hll_sketch") -> bytes:
    return bytes(sketch.serialize_compact())
