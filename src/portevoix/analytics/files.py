"""Where the files of exports lie: a name for each try, so that no try ever touches what another one wrote.

A file is offered once its row names it, and a row names a file that is whole: what a killed worker left half written lies
under the name of a try that nobody will settle, and is erased by the next try or with the row.
"""

import os
from collections.abc import Iterable
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage

from portevoix.analytics.models import Export


def keep(export: Export, content: IO[bytes]) -> str:
    """Copies a whole file to the disk, under the name of the try in force; gives the name."""
    erase(export)
    content.seek(0)
    name = _storage().save(_name_of_try(export, export.fence), File(content))
    with _storage().open(name, "rb") as kept:
        os.fsync(kept.fileno())  # before the row names it: a loss of power keeps both, or neither
    return name


def erase(export: Export) -> None:
    """Erases every file of the export, of whichever try."""
    erase_names(names_of(export))


def names_of(export: Export) -> list[str]:
    """Every name that a file of the export may lie under."""
    tries = [_name_of_try(export, fence) for fence in range(1, export.fence + 1)]
    offered = export.file.name
    return [*tries, offered] if offered and offered not in tries else tries


def erase_names(names: Iterable[str]) -> None:
    """Erases the files of those names; one that is not there is as good as erased."""
    for name in names:
        _storage().delete(name)


def _storage() -> Storage:
    kept: Storage = Export._meta.get_field("file").storage
    return kept


def _name_of_try(export: Export, fence: int) -> str:
    return f"exports/{export.code}-{fence}.{export.format}"
