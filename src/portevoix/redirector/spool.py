"""The spool: clicks written down before their answers leave, in segments of this process alone.

One `write` for each click, or for all that came together, puts them into the kernel's keeping, where the death of the
process cannot reach them; twenty times a second what was written is forced onto the disk, for a loss of power. Who must
not lose a click even then calls `force` before answering, and has room made beforehand in each segment, because forcing
a file that does not grow is quicker. A segment ends when it is large or old. When
writing fails (disk full, read-only, folder gone) the click is counted as lost, the loss is told in the log and, as soon
as writing works again, in the next segment, where the judge of clicks finds it.
"""

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from portevoix.links.segments import HEADER, SUFFIX, frame_of_loss

LARGEST_BYTES: Final = 8 * 1024 * 1024
OLDEST_SECONDS: Final = 3600.0
SYNC_SECONDS: Final = 0.05
_COMPLAIN_SECONDS: Final = 60.0

_log = logging.getLogger(__name__)


class Spool:
    """Where one process writes its clicks. Safe to use from many threads, and again after a fork."""

    def __init__(
        self,
        folder: Path,
        *,
        largest_bytes: int = LARGEST_BYTES,
        oldest_seconds: float = OLDEST_SECONDS,
        sync_seconds: float = SYNC_SECONDS,
        makes_room: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self.written = 0  # clicks, since this process began
        self.written_at = 0.0  # when the last click was written, in seconds since 1970
        self.lost = 0  # clicks answered and not written, since this process began
        self.forcing_seconds = 0.0  # how long the last forcing onto the disk took
        self._largest_bytes = largest_bytes
        self._oldest_seconds = oldest_seconds
        self._sync_seconds = sync_seconds
        self._makes_room = makes_room
        self._now = now
        self._complained_at = -_COMPLAIN_SECONDS
        self._begin()

    def record(self, frame: bytes) -> bool:
        """Writes one frame; False, and one more click lost, when it cannot be written."""
        return self.record_all((frame,))

    def record_all(self, frames: Sequence[bytes]) -> bool:
        """Writes frames by one append; False, and all of them lost, when they cannot be written."""
        if os.getpid() != self._pid:
            self._begin()  # a forked child must not write into its parent's segment
        with self._lock:
            try:
                self._write(b"".join(frames))
            except OSError as error:
                self._count_loss(error, len(frames))
                return False
            self.written += len(frames)
            self.written_at = self._now()
        return True

    @property
    def is_losing(self) -> bool:
        """Whether the last clicks could not be written."""
        return self._untold > 0

    @property
    def lag_seconds(self) -> float:
        """How long the oldest click that is not forced onto the disk has been waiting for it."""
        since = self._dirty_since
        return time.monotonic() - since if since else 0.0

    def force(self) -> None:
        """Forces onto the disk what was written, and returns when it is there."""
        self._sync()

    def close(self) -> None:
        """Forces everything onto the disk and ends the segment."""
        with self._lock:
            self._stopped.set()
            self._retire()
        self._sync()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._syncing = threading.Lock()
        self._stopped = threading.Event()
        self._syncer: threading.Thread | None = None
        self._file = -1
        self._size = 0
        self._opened_at = 0.0
        self._dirty_since = 0.0
        self._retired: list[int] = []
        self._untold = 0

    def _write(self, frames: bytes) -> None:
        if self._file < 0 or self._size >= self._largest_bytes or self._is_old():
            self._open_next()
        if self._untold:
            self._append(frame_of_loss(int(self._now() * 1000), self._untold))
            self._untold = 0
        self._append(frames)

    def _append(self, frames: bytes) -> None:
        written = os.write(self._file, frames)
        if written != len(frames):  # the disk is full in the middle of a frame: take the piece back
            os.ftruncate(self._file, self._size)
            raise OSError("only a part of a click could be written")
        self._size += written
        self._dirty_since = self._dirty_since or time.monotonic()

    def _is_old(self) -> bool:
        return not 0 <= self._now() - self._opened_at < self._oldest_seconds

    def _open_next(self) -> None:
        self._retire()
        opened_at = self._now()
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{int(opened_at * 1000):013d}-{self._pid}-{secrets.token_hex(4)}{SUFFIX}"
        path = self.folder / name
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._file, self._size, self._opened_at = file, 0, opened_at
        if self._makes_room:
            _make_room(file, self._largest_bytes)
        try:
            self._append(HEADER)
        except OSError:  # each click that is lost would leave a file behind
            self._file = -1
            os.close(file)
            path.unlink(missing_ok=True)
            raise
        self._start_syncing()

    def _retire(self) -> None:
        if self._file >= 0:
            if self._makes_room:
                with suppress(OSError):
                    os.ftruncate(self._file, self._size)
            self._retired.append(self._file)
            self._file = -1

    def _count_loss(self, error: OSError, count: int) -> None:
        self.lost += count
        self._untold += count
        self._retire()
        moment = time.monotonic()
        if moment - self._complained_at >= _COMPLAIN_SECONDS:
            self._complained_at = moment
            _log.error("Clicks cannot be written to %s (%s): %d lost so far.", self.folder, error, self.lost)

    def _start_syncing(self) -> None:
        if self._syncer is None:
            self._syncer = threading.Thread(target=self._keep_syncing, name="portevoix-spool", daemon=True)
            self._syncer.start()

    def _keep_syncing(self) -> None:
        pid, stopped = self._pid, self._stopped
        while not stopped.wait(self._sync_seconds) and pid == os.getpid():
            self._sync()

    def _sync(self) -> None:
        """Slow disks are waited for outside the lock of `record`: clicks go on meanwhile."""
        with self._syncing:
            with self._lock:
                retired, self._retired = self._retired, []
                current = os.dup(self._file) if self._file >= 0 and self._dirty_since else -1
                self._dirty_since = 0.0
            begun = time.monotonic()
            for file in [*retired, *([current] if current >= 0 else [])]:
                self._force(file)
            self.forcing_seconds = time.monotonic() - begun

    def _force(self, file: int) -> None:
        try:
            _force_data(file)
        except OSError as error:
            _log.error("Clicks in %s may not survive a loss of power (%s).", self.folder, error)
        finally:
            os.close(file)


def _force_data(file: int) -> None:
    os.fdatasync(file) if hasattr(os, "fdatasync") else os.fsync(file)


def _make_room(file: int, size: int) -> None:
    """Takes the room of a whole segment from the disk at once; a file system that cannot is no harm."""
    with suppress(OSError, AttributeError):
        os.posix_fallocate(file, 0, size)
