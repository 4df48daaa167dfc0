"""Changes of links, told to every process of this machine through a small file that all of them map into memory.

The file is a counter and a ring of the last codes that changed. Whoever changes links writes their codes and then moves
the counter, after the commit; whoever remembers links compares the counter before each answer, which costs nothing. A
reader that is left behind by more than the ring holds learns that anything may have changed. No Django, no database.
"""

import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

fcntl: Any
try:
    import fcntl
except ImportError:  # no POSIX
    fcntl = None

FILE_NAME: Final = "links.generation"
RING: Final = 1024
_WIDTH: Final = 16  # of a code, which has ten signs at most
_SIZE: Final = 8 + RING * _WIDTH


class Changes:
    """The file of a VAR folder, mapped. `counter[0]` is how many changes there were ever."""

    def __init__(self, var: Path) -> None:
        self._file = _open(var)
        self._map = mmap.mmap(self._file, _SIZE)
        self.counter = memoryview(self._map)[:8].cast("Q")

    def tell(self, codes: Sequence[str]) -> None:
        """Tells every process that the links of these codes are new, edited or withdrawn; once they are committed."""
        with _alone(self._file):
            count = self.counter[0]
            for number, code in enumerate(codes, start=count):
                self._write(number, code)
            self.counter[0] = count + len(codes)

    def since(self, seen: int) -> tuple[int, list[str] | None]:
        """The counter, and the codes that changed after it was `seen`; None instead of codes: any may have."""
        count = self.counter[0]
        if not 0 <= count - seen < RING:
            return count, None
        codes = [self._read(number) for number in range(seen, count)]
        if self.counter[0] - seen >= RING:  # the ring came round while it was read
            return count, None
        return count, codes

    def close(self) -> None:
        """Lets go of the file."""
        self.counter.release()
        self._map.close()
        os.close(self._file)

    def _write(self, number: int, code: str) -> None:
        at = 8 + number % RING * _WIDTH
        self._map[at : at + _WIDTH] = code.encode().ljust(_WIDTH, b"\0")

    def _read(self, number: int) -> str:
        at = 8 + number % RING * _WIDTH
        return self._map[at : at + _WIDTH].rstrip(b"\0").decode("ascii", "replace")


def _open(var: Path) -> int:
    var.mkdir(parents=True, exist_ok=True)
    file = os.open(var / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    if os.fstat(file).st_size < _SIZE:
        os.truncate(file, _SIZE)
    return file


@contextmanager
def _alone(file: int) -> Iterator[None]:
    """One writer at a time; where files cannot be locked so, there is one process that writes."""
    if fcntl is None:
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
