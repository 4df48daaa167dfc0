"""What pages with exports share: how a file leaves, how one is shown while it is prepared, which formats there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from portevoix.analytics.models import Export
from portevoix.analytics.rules import EXPORT_LIFE
from portevoix.core.errors import NotFound

CONTENT_TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.JSON: "application/json",
    Export.Format.PARQUET: "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Shown:
    """An export with what the page says of it; `erased_at` is when it leaves by itself."""

    export: Export
    erased_at: datetime

    @property
    def is_waiting(self) -> bool:
        return self.export.state == Export.State.WAITING

    @property
    def done(self) -> float:
        """How much of it is done, from 0 to 1."""
        return min(self.export.steps_done / self.export.steps_total, 1) if self.export.steps_total else 0


def shown(exports: Iterable[Export]) -> list[Shown]:
    """The exports as the page lists them."""
    return [Shown(export, export.created_at + EXPORT_LIFE) for export in exports]


def format_options(chosen: str | None = None) -> list[dict[str, Any]]:
    """The formats, for the `choice` component; CSV until another is chosen."""
    purposes = {
        Export.Format.CSV: _("spreadsheets"),
        Export.Format.JSON: _("programs"),
        Export.Format.PARQUET: _("analysis"),
    }
    return [
        {"value": one.value, "label": one.label, "note": note, "checked": one.value == (chosen or "csv")}
        for one, note in purposes.items()
    ]


def file_of(export: Export) -> FileResponse:
    """The file of an export that is ready, to be kept and never shown; one that is not ready is not there."""
    if export.state != Export.State.READY:
        raise NotFound("export")
    try:
        file = export.file.open("rb")
    except FileNotFoundError as error:  # erased a moment ago
        raise NotFound("export") from error
    kind = export.kind.replace("_", "-")
    name = f"portevoix-{kind}-{export.since_on}-{export.until_on}.{export.format}"
    content_type = CONTENT_TYPES[Export.Format(export.format)]
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
