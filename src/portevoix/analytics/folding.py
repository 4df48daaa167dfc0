"""Months out of days: a month that is over is read by rows of its own, made of those of its days.

The rows of a month are in force once nothing asks for it to be folded any more; until then its days are read, so that
killing this anywhere changes no figure.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Sum

from portevoix.analytics import ledger, sketches, spans
from portevoix.analytics.models import Crowd, Dimension, MonthToFold, Span, Tally
from portevoix.analytics.period import today_in
from portevoix.people.models import Organisation

SETTLED_AFTER: Final = timedelta(days=1)  # most late clicks have come by then
_ROWS: Final = 2_000


def fold_months(now: datetime) -> int:
    """Makes the rows of months that are over since a day; says how many months."""
    count = 0
    zones = dict(Organisation.objects.values_list("pk", "time_zone"))
    for row in MonthToFold.unscoped.order_by("month", "pk"):
        today = today_in(zones[row.organisation_id], now - SETTLED_AFTER)
        if row.month < spans.month_number(today):
            _fold(row)
            count += 1
    return count


def _fold(row: MonthToFold) -> None:
    for dimension in Dimension:
        with transaction.atomic():
            _fold_dimension(row, dimension)
    # Whatever was counted meanwhile asks again.
    MonthToFold.unscoped.filter(pk=row.pk, touched=row.touched).delete()


def _fold_dimension(row: MonthToFold, dimension: Dimension) -> None:
    first, last = spans.first_day(row.month), spans.first_day(row.month + 1) - 1
    head = (row.organisation_id, int(Span.MONTH), int(dimension), row.month)
    for model in (Tally, Crowd):
        of_month = model.unscoped.filter(organisation=row.organisation_id, span=Span.MONTH)
        of_month.filter(dimension=dimension, at=row.month).delete()
    days: dict[str, Any] = {"organisation": row.organisation_id, "span": Span.DAY, "dimension": dimension}
    days |= {"at__gte": first, "at__lte": last}
    sums = Tally.unscoped.filter(**days).order_by().values_list("key", "sub")
    counted = sums.annotate(Sum("people"), Sum("repeats"), Sum("previews"), Sum("robots"))
    ledger.write_counts([(*head, *each) for each in counted])
    _fold_sketches(head, Crowd.unscoped.filter(**days).order_by("key", "sub"))


def _fold_sketches(head: tuple[int, ...], days: Any) -> None:
    """One row for each key and sub: everybody of its days."""
    rows: list[tuple[Any, ...]] = []
    here: tuple[int, int] | None = None
    blobs: list[bytes] = []
    for key, sub, sketch in days.values_list("key", "sub", "sketch").iterator(chunk_size=_ROWS):
        if (key, sub) != here:
            _close(head, here, blobs, rows)
            here, blobs = (key, sub), []
        blobs.append(bytes(sketch))
    _close(head, here, blobs, rows)
    ledger.write_sketches(rows)


def _close(
    head: tuple[int, ...], cell: tuple[int, int] | None, blobs: list[bytes], rows: list[tuple[Any, ...]]
) -> None:
    if cell is not None:
        sketch = sketches.union(blobs)
        rows.append((*head, *cell, round(sketches.estimate(sketch).estimate), sketch))
