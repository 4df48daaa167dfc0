"""What pages with exports share: how a file leaves, and how one export is shown while it is prepared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import FileResponse

from portevoix.analytics.models import Export
from portevoix.analytics.rules import EXPORT_LIFE
from portevoix.core.errors import NotFound


@dataclass(frozen=True)
class Shown:
    """An export with what the page says of it; `erased_at` is when it leaves by itself."""

    export: Export
    erased_at: datetime

    @property
    def is_waiting(self) -> bool:
        return self.export.state == Export.State.WAITING


def shown(exports: Iterable[Export]) -> list[Shown]:
    """The exports as the page lists them."""
    return [Shown(export, export.created_at + EXPORT_LIFE) for export in exports]


def file_of(export: Export) -> FileResponse:
    """The file of an export that is ready, to be kept; one that is not is not there."""
    if export.state != Export.State.READY:
        raise NotFound("export")
    name = f"portevoix-{export.kind.replace('_', '-')}-{export.since_on}-{export.until_on}.csv"
    return FileResponse(
        export.file.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )
