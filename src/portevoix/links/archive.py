"""The archive: segments judged to their end are compressed after a day, and erased after the retention.

Killed anywhere, a segment is there once: its compressed form is written beside it, forced onto the disk and given its
name before the plain one goes, and whoever lists segments takes either for the same. How far a segment was judged is
forgotten only after the segment itself, so that nothing is ever judged a second time.
"""

import gzip
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from portevoix.links.models import SegmentProgress
from portevoix.links.segments import COMPRESSED, SUFFIX, has_unread, is_compressed, list_segments, name_of

PLAIN_KEPT: Final = timedelta(days=1)
# Of 8 MB of clicks, 6 leaves 17.5 % in 0.09 s; 1 leaves 21 % in 0.04 s; 9 leaves 17.3 % in 0.23 s; bzip2 14 % in 0.73 s.
LEVEL: Final = 6
TURN_SECONDS: Final = 10.0  # so that other work gets its turn while a backlog is compressed
_PART: Final = ".part"
_PARTS_KEPT: Final = timedelta(hours=1)


def compress_and_erase(now: datetime) -> int:
    """Erases segments after the retention, compresses those of more than a day, if judged to their end; says how many.

    Stops after ten seconds; the next turn goes on.
    """
    folder, stop_at = settings.CLICKS_ROOT, time.monotonic() + TURN_SECONDS
    _forget_parts(folder, now)
    retention = timedelta(days=settings.ENVIRONMENT.raw_clicks_days)
    count = 0
    for path, position in _finished(list_segments(folder), (now - PLAIN_KEPT).timestamp()):
        if time.monotonic() > stop_at:
            break
        if _written_at(path) < (now - retention).timestamp():
            _erase(path)
        elif is_compressed(path) or not compress_segment(path, position):
            continue
        count += 1
    return count


def _finished(paths: Iterable[Path], before: float) -> Iterable[tuple[Path, int]]:
    """The segments last written before then and judged to their end, each with its end; what was set aside is not."""
    judged = dict(SegmentProgress.objects.filter(set_aside="").values_list("segment", "position"))
    for path in paths:
        position = judged.get(name_of(path))
        if position is not None and _written_at(path) < before and not has_unread(path, position):
            yield path, position


def _written_at(path: Path) -> float:
    """When it was last written, in seconds since 1970; its compressed form keeps that time. One that is gone: never."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _erase(path: Path) -> None:
    name = name_of(path)
    path.with_name(name).unlink(missing_ok=True)
    path.with_name(name + COMPRESSED).unlink(missing_ok=True)
    _force_folder(path.parent)
    SegmentProgress.objects.filter(segment=name).delete()


def compress_segment(path: Path, position: int) -> bool:
    """Puts the compressed form in the place of a segment judged up to `position`; False when it was written to just now.

    Room that was made beforehand and never written is left out.
    """
    compressed = path.with_name(path.name + COMPRESSED)
    if not compressed.exists():
        before = path.stat()
        data = path.read_bytes()
        end = max(position, len(data.rstrip(b"\0")))  # a frame may end in zeros; what was judged is whole
        part = path.with_name(f".{compressed.name}.{secrets.token_hex(4)}{_PART}")
        _write(part, gzip.compress(data[:end], LEVEL, mtime=0))
        os.utime(part, ns=(before.st_atime_ns, before.st_mtime_ns))
        after = path.stat()
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            part.unlink()
            return False
        part.rename(compressed)
        _force_folder(path.parent)
    path.unlink(missing_ok=True)
    return True


def _write(path: Path, content: bytes) -> None:
    """A new file that is on the disk when this returns."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    with os.fdopen(file, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _force_folder(folder: Path) -> None:
    """What was renamed or removed there stays so after a loss of power; some systems cannot be asked."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _forget_parts(folder: Path, now: datetime) -> None:
    """Removes what a killed process left half written."""
    limit = (now - _PARTS_KEPT).timestamp()
    for part in folder.glob(f".*{SUFFIX}{COMPRESSED}.*{_PART}"):
        if _written_at(part) < limit:
            part.unlink(missing_ok=True)
