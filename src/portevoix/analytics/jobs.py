"""Work on exports: preparing the files that were asked for, erasing the old ones."""

import csv
import io
import logging
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import translation

from portevoix.analytics.models import Export
from portevoix.analytics.rules import EXPORT_LIFE, safe_cell
from portevoix.analytics.tables import table_of
from portevoix.core import tenancy, work

log = logging.getLogger(__name__)
PROGRESS_EVERY_ROWS = 50
TRIES = 3


def prepare_export(export: Export, now: datetime) -> None:
    """Prepares a claimed export; a failure is tried again, three times in all."""
    name = f"exports/{export.code}.csv"
    storage = export.file.storage
    try:
        with tenancy.acting_for(export.organisation_id), translation.override(export.language):
            content = ContentFile(_written(export))
            storage.delete(name)  # what a worker killed at this very place left
            storage.save(name, content)
    except Exception as error:
        log.exception("export %s failed", export.code)
        given_up = export.attempts >= TRIES
        state = Export.State.FAILED if given_up else Export.State.WAITING
        due_at = None if given_up else now + timedelta(minutes=export.attempts)
        work.settle(export, due_at=due_at, error=f"{type(error).__name__}: {error}", state=state)
    else:
        _hand_over(export, name, now=now)


def _hand_over(export: Export, name: str, *, now: datetime) -> None:
    try:
        work.settle(export, due_at=None, state=Export.State.READY, ready_at=now, file=name)
    except work.StaleClaim:
        if not Export.unscoped.filter(pk=export.pk).exists():  # erased by its owner while we wrote it
            export.file.storage.delete(name)


def _written(export: Export) -> bytes:
    """The CSV file, in UTF-8 with the mark that spreadsheets look for; progress is written on the row as it goes."""
    table = table_of(export)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.header)
    Export.unscoped.filter(pk=export.pk).update(rows_total=table.count, rows_done=0)
    for number, row in enumerate(table.rows, start=1):
        writer.writerow([safe_cell(cell) for cell in row])
        if number % PROGRESS_EVERY_ROWS == 0 or number == table.count:
            Export.unscoped.filter(pk=export.pk).update(rows_done=number)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


EXPORTS = work.RowWork(
    model=Export,
    act=prepare_export,
    rows=lambda: Export.unscoped.filter(state=Export.State.WAITING),
)


def erase_old_exports(now: datetime) -> int:
    """Erases the files and rows of exports made more than seven days ago; says how many."""
    old = Export.unscoped.filter(created_at__lt=now - EXPORT_LIFE)
    for export in old:
        export.file.delete(save=False)
        export.delete()
    return len(old)
