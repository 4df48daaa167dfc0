"""Changing the sealing keys under traffic: every sealed row is closed again with the newest key.

A row is rewritten only if it still holds what was read; one that somebody else wrote in between is looked at again.
The key before the newest is always kept: a process may be closing something with it at this very moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings

from portevoix.core import sealing
from portevoix.core.sealing import KeyRing, SealedRow

PASSES = 20  # a pass misses only what others write while it runs


class KeysAreGiven(RuntimeError):
    """The keys come from the environment, where only the operator can add one."""


@dataclass(frozen=True)
class Rotation:
    """What was done: the key that closes everything now, how many secrets it took over, how many keys are kept."""

    key: str
    count: int
    kept: int


def rotate(*, forget: bool = False) -> Rotation:
    """Adds a key, unless the environment brings them, and puts every secret under the newest; `forget` drops old ones."""
    path = Path(settings.SEALING_KEYS_FILE)
    if settings.SEALING_KEYS and forget:
        raise KeysAreGiven(
            "The keys come from PORTEVOIX_SEALING_KEYS: put a fresh one first there, restart, run this without "
            "--forget, and take the old ones away yourself."
        )
    keys = sealing.ring() if settings.SEALING_KEYS else sealing.add_key(path)
    count = reseal_all()
    if forget:
        keys = KeyRing(keys.keys[:2])
        sealing.keep_keys(keys, path)
    return Rotation(keys.newest[0], count, len(keys.keys))


def reseal_all() -> int:
    """Closes every secret with the newest key; says how many were under another one."""
    count = 0
    for _pass in range(PASSES):
        found = sum(_reseal(row) for row in _older_rows())
        count += found
        if not found:
            return count
    return count


def _older_rows() -> Iterator[SealedRow]:
    """The sealed rows that an older key closed."""
    newest = sealing.ring().newest[0]
    for model in apps.get_models():
        if issubclass(model, SealedRow):
            rows = model._base_manager.exclude(sealed="")
            yield from rows.exclude(sealed__startswith=f"{sealing.VERSION}.{newest}.").iterator()


def _reseal(row: SealedRow) -> int:
    fresh = sealing.resealed(row.sealed, context=row.seal_context)
    same = type(row)._base_manager.filter(pk=row.pk, sealed=row.sealed)
    return same.update(sealed=fresh)
