"""Codes of tracked links: short, easy to read aloud, and recognisably ours before any look-up.

Thirty-one signs (a prime number, neither 0/o nor 1/i/l), eight drawn at random and a ninth that checks the others. The
check catches every single wrong sign and every swap of two neighbours; it also lets the redirector refuse thirty of
thirty-one made-up codes without asking the database.
"""

import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH: Final = 9
SHORTEST: Final = 7
LONGEST: Final = 10

_VALUE: Final = {sign: value for value, sign in enumerate(ALPHABET)}
# Without an offset a run of the first sign would check itself: "222222222" must not be a code.
_OFFSET: Final = 17


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A fresh code of nine signs, about 39 bits of chance; `choose` picks one sign out of the alphabet."""
    payload = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
    return payload + check_sign(payload)


def check_sign(payload: str) -> str:
    """The sign that completes a payload written in the alphabet."""
    return ALPHABET[_weighted_sum(_VALUE[sign] for sign in payload)]


def canonical(text: str) -> str | None:
    """The code as it is stored, or None when the text cannot be a code: length, alphabet or check sign is wrong.

    Capitals are accepted, because QR codes are denser in capitals and some phones begin a line with one.
    """
    return _checked(text) if SHORTEST <= len(text) <= LONGEST and text.isascii() else None


@lru_cache(maxsize=16_384)
def _checked(text: str) -> str | None:
    code = text.lower()
    values = [_VALUE.get(sign, -1) for sign in code]
    if min(values) < 0 or values[-1] != _weighted_sum(values[:-1]):
        return None
    return code


def _weighted_sum(values: Iterable[int]) -> int:
    return (_OFFSET + sum(weight * value for weight, value in enumerate(values, start=2))) % len(ALPHABET)
