"""Secrets at rest: AES-256-GCM envelopes, and the keys that open them.

A *sealed* text names the key that closed it. Each secret has a data key of its own; the data key is closed by a key of
the installation, so that changing keys closes the data keys again and touches no secret. The *context* (which row, of
whom) is authenticated with it: an envelope moved to another row does not open there.

Keys come from `PORTEVOIX_SEALING_KEYS` (newest first), or from a file made once, readable by its owner alone. Keep
them apart from copies of the database: either alone is of no use.
"""

import base64
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPED_BYTES = KEY_BYTES + 16  # a data key and its authentication tag


class CannotUnseal(RuntimeError):
    """The envelope is damaged, belongs to another row, or was closed by a key that is gone."""


class BadKeys(ValueError):
    """The keys cannot be read; the sentence says what would do."""


@dataclass(frozen=True)
class KeyRing:
    """The keys of the installation, newest first; the newest closes, all of them open."""

    keys: tuple[tuple[str, bytes], ...]

    @property
    def newest(self) -> tuple[str, bytes]:
        return self.keys[0]

    def key(self, name: str) -> bytes | None:
        return dict(self.keys).get(name)


class SealedRow(models.Model):
    """A row with one secret, an object of JSON: `seal` makes what is kept in `sealed`, `unsealed` reads it."""

    sealed = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    @property
    def seal_context(self) -> str:
        """What the secret is bound to: the kind of row, its organisation, its code. Fixed for the row's life."""
        raise TypeError(f"{type(self).__name__} does not say what its secret is bound to.")

    def unsealed(self) -> dict[str, Any]:
        """The secret; empty when there is none."""
        if not self.sealed:
            return {}
        value: dict[str, Any] = json.loads(unseal(self.sealed, context=self.seal_context))
        return value

    def seal(self, value: dict[str, Any]) -> str:
        """The envelope of that secret, to be written in `sealed`."""
        return seal(json.dumps(value), context=self.seal_context)


def seal(secret: str, *, context: str) -> str:
    """Closes a text for that context: `v1.KEY.ENVELOPE`."""
    name, key = ring().newest
    data_key = secrets.token_bytes(KEY_BYTES)
    nonce = secrets.token_bytes(NONCE_BYTES)
    closed = AESGCM(data_key).encrypt(nonce, secret.encode(), _bound(context))
    return _envelope(name, key, data_key, nonce + closed, context)


def unseal(sealed: str, *, context: str) -> str:
    """Opens what `seal` closed for the same context; raises `CannotUnseal`."""
    _name, data_key, body = _opened(sealed, context)
    try:
        return AESGCM(data_key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _bound(context)).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal("This secret is damaged, or was moved from another row.") from error


def resealed(sealed: str, *, context: str) -> str:
    """The same secret under the newest key; the very same text when it is already."""
    name, data_key, body = _opened(sealed, context)
    newest, key = ring().newest
    return sealed if name == newest else _envelope(newest, key, data_key, body, context)


def _envelope(name: str, key: bytes, data_key: bytes, body: bytes, context: str) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    wrapped = AESGCM(key).encrypt(nonce, data_key, _bound(context, name))
    return f"{VERSION}.{name}.{base64.urlsafe_b64encode(nonce + wrapped + body).decode()}"


def _opened(sealed: str, context: str) -> tuple[str, bytes, bytes]:
    """The key's name, the data key, and the closed secret."""
    version, name, coded = (*sealed.split("."), "", "", "")[:3]
    key = ring().key(name) or _ring_from_source().key(name)
    if version != VERSION or key is None:
        raise CannotUnseal(f"The key {name!r} that closed this secret is not among the keys.")
    try:
        raw = base64.urlsafe_b64decode(coded)
        nonce, wrapped = raw[:NONCE_BYTES], raw[NONCE_BYTES : NONCE_BYTES + WRAPPED_BYTES]
        data_key = AESGCM(key).decrypt(nonce, wrapped, _bound(context, name))
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal("This secret is damaged, or was moved from another row.") from error
    return name, data_key, raw[NONCE_BYTES + WRAPPED_BYTES :]


def _bound(*parts: str) -> bytes:
    return json.dumps([VERSION, *parts]).encode()


# --- the keys ------------------------------------------------------------------------------------------------------
_lock = Lock()
_known: tuple[object, KeyRing] | None = None


def ring() -> KeyRing:
    """The keys in force: read again whenever their file changes, so that a rotation needs no restart."""
    mark = _mark()
    if _known is None or _known[0] != mark:
        return _ring_from_source()
    return _known[1]


def _ring_from_source() -> KeyRing:
    global _known
    with _lock:
        mark, given = _mark(), settings.SEALING_KEYS
        keys = parse_keys(given) if given else _kept_keys(Path(settings.SEALING_KEYS_FILE))
        # Taken before reading, so that a change in between is seen; a file just made has none before.
        _known = (mark or _mark(), keys)
        return keys


def _mark() -> object:
    """Changes whenever the keys may have."""
    if settings.SEALING_KEYS:
        return settings.SEALING_KEYS
    try:
        found = os.stat(settings.SEALING_KEYS_FILE)
    except FileNotFoundError:
        return None
    return (str(settings.SEALING_KEYS_FILE), found.st_ino, found.st_mtime_ns, found.st_size)


def parse_keys(text: str) -> KeyRing:
    """The keys written as `NAME=KEY NAME=KEY`, newest first, each of 32 bytes in base64; refuses anything else."""
    keys = []
    for word in text.split():
        name, _, coded = word.partition("=")
        try:
            key = base64.urlsafe_b64decode(coded)
        except ValueError:
            key = b""
        if not name.isalnum() or len(key) != KEY_BYTES:
            raise BadKeys(
                "Write sealing keys as NAME=KEY, 32 bytes in base64, newest first, with blanks between."
            )
        keys.append((name, key))
    if not keys or len(dict(keys)) < len(keys):
        raise BadKeys("There must be at least one sealing key, and each needs a name of its own.")
    return KeyRing(tuple(keys))


def written(keys: KeyRing) -> str:
    """The keys as `parse_keys` reads them."""
    return "\n".join(f"{name}={base64.urlsafe_b64encode(key).decode()}" for name, key in keys.keys) + "\n"


def new_key() -> tuple[str, bytes]:
    """A fresh key under a name that was never used."""
    return f"k{secrets.token_hex(4)}", secrets.token_bytes(KEY_BYTES)


def _kept_keys(path: Path) -> KeyRing:
    """The keys of that file; made once. Two processes that race get the same ones."""
    if not path.exists():
        keep_keys(KeyRing((new_key(),)), path, only_if_none=True)
    return parse_keys(path.read_text())


def keep_keys(keys: KeyRing, path: Path, *, only_if_none: bool = False) -> None:
    """Writes the keys whole or not at all, readable by their owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(written(keys))
            file.flush()
            os.fsync(file.fileno())
        if only_if_none:
            try:
                os.link(draft, path)
            except FileExistsError:
                return
        else:
            os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)


def add_key(path: Path) -> KeyRing:
    """Puts a fresh key before those of the file, and says which there are now."""
    keys = KeyRing((new_key(), *_kept_keys(path).keys))
    keep_keys(keys, path)
    return keys
