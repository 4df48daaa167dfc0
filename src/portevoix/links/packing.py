"""Short words as numbers, for columns that hold numbers alone: networks, countries, languages. Pure."""

from functools import lru_cache
from typing import Final

LONGEST: Final = 8  # of ASCII, which leaves a number of 64 bits its sign


@lru_cache(maxsize=4096)
def packed(word: str) -> int:
    """A word as a number that `unpacked` turns back; cut to eight signs, what is no ASCII left out. Nothing is 0."""
    return int.from_bytes(word.encode("ascii", "ignore")[:LONGEST].lstrip(b"\0"), "big")


def unpacked(number: int) -> str:
    """The word that was packed into that number."""
    return number.to_bytes(LONGEST, "big").lstrip(b"\0").decode("ascii", "replace")
