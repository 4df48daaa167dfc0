"""Click ids: what a link that opted in adds to its destination, `?pv=…`, so that a later act can be told of that click.

Nothing is kept of one: it says everything by itself, to whoever holds the organisation's key, and nothing to anybody
else. 36 bytes, written as 48 signs of base64 for addresses:

    version 1 · the key's name 4 · chance 8 · link and moment 12, enciphered · authentication 11

The moment is in milliseconds. Link and moment are enciphered under the chance, so that two ids of one link look
unrelated: the company's site cannot sort its visitors by the colleague whose link brought them. The authentication (88
bits) is over all that comes before it, by the same secret in another role: nobody makes an id up, alters or guesses one.
Pure, and shared with the redirector, where an id costs two short hashes.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

PARAMETER: Final = "pv"
LENGTH: Final = 48
SECRET_BYTES: Final = 32
NAME_BYTES: Final = 4
CHANCE_BYTES: Final = 8

_VERSION: Final = b"\x01"
_FACTS_BYTES: Final = 12
_TAG_BYTES: Final = 11
_NAME: Final = slice(1, 1 + NAME_BYTES)
_CHANCE: Final = slice(_NAME.stop, _NAME.stop + CHANCE_BYTES)
_FACTS: Final = slice(_CHANCE.stop, _CHANCE.stop + _FACTS_BYTES)
_MOMENT_BITS: Final = 48


@dataclass(frozen=True, slots=True)
class ClickId:
    """What a click id says: the link's row, the moment in milliseconds since 1970, and what tells it from others."""

    link_id: int
    at_ms: int
    chance: bytes


class Key:
    """An organisation's key, out of its 32 secret bytes: makes click ids, and reads those it made."""

    def __init__(self, secret: bytes) -> None:
        self.name = blake2b(secret, digest_size=NAME_BYTES, person=b"pv click name").digest()
        self._head = _VERSION + self.name
        self._cipher = blake2b(key=secret, digest_size=_FACTS_BYTES, person=b"pv click facts")
        self._authority = blake2b(key=secret, digest_size=_TAG_BYTES, person=b"pv click tag")

    def make(self, link_id: int, at_ms: int, chance: bytes) -> bytes:
        """The click id, 48 signs; `chance` is eight fresh random bytes."""
        facts = (link_id << _MOMENT_BITS | at_ms) ^ self._stream(chance)
        said = self._head + chance + facts.to_bytes(_FACTS_BYTES, "big")
        return urlsafe_b64encode(said + self._tag(said))

    def read(self, text: str) -> ClickId | None:
        """What a click id of this key says; None when it is not one, or not as it was made."""
        raw = _bytes_of(text)
        if raw is None or not compare_digest(self._tag(raw[: _FACTS.stop]), raw[_FACTS.stop :]):
            return None
        chance = raw[_CHANCE]
        facts = int.from_bytes(raw[_FACTS], "big") ^ self._stream(chance)
        return ClickId(facts >> _MOMENT_BITS, facts & (1 << _MOMENT_BITS) - 1, chance)

    def _stream(self, chance: bytes) -> int:
        cipher = self._cipher.copy()
        cipher.update(chance)
        return int.from_bytes(cipher.digest(), "big")

    def _tag(self, said: bytes) -> bytes:
        authority = self._authority.copy()
        authority.update(said)
        return authority.digest()


def key_name_of(text: str) -> str | None:
    """The name, in hexadecimal, of the key that a click id says it was made with; None when it cannot be one."""
    raw = _bytes_of(text)
    return None if raw is None else raw[_NAME].hex()


def place_in(location: str) -> tuple[str, str]:
    """A location in two parts: all that comes before the click id, its parameter's name included, and all after."""
    base, mark, fragment = location.partition("#")
    _page, begins, query = base.partition("?")
    joint = "?" if not begins else "" if not query or query.endswith("&") else "&"
    return f"{base}{joint}{PARAMETER}=", mark + fragment


def _bytes_of(text: str) -> bytes | None:
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        return None
    # Signs outside the alphabet are skipped by the decoder: written again, they would be missing.
    return raw if raw[:1] == _VERSION and urlsafe_b64encode(raw) == text.encode() else None
