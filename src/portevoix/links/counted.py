"""How far the figures go, told to the fronts of this machine through a file of eight bytes. No Django, no database."""

import os
from pathlib import Path
from typing import Final

FILE_NAME: Final = "clicks.counted"
_BYTES: Final = 8


def tell(var: Path, at_ms: int) -> None:
    """Says of which moment (ms since 1970) the latest click is that the figures hold."""
    file = os.open(var / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        os.write(file, at_ms.to_bytes(_BYTES, "little"))
    finally:
        os.close(file)


def counted_to_ms(var: Path) -> int | None:
    """The moment of the latest click that the figures hold; None while nobody said so here."""
    try:
        told = (var / FILE_NAME).read_bytes()
    except OSError:
        return None
    return int.from_bytes(told, "little") if len(told) == _BYTES else None
