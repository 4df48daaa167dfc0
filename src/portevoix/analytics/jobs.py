"""Work on figures: counting clicks, keeping roll-ups, preparing the files that were asked for, erasing what is old."""

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.utils import translation

from portevoix.analytics import counting, files, formats, spans
from portevoix.analytics.formats import Row
from portevoix.analytics.models import CountingTurn, Crowd, Dimension, Export, Span, Tally
from portevoix.analytics.rules import EXPORT_LIFE, FIGURES_KEPT
from portevoix.analytics.tables import table_of
from portevoix.core import tenancy, work
from portevoix.links.counted import tell as tell_counted
from portevoix.links.jobs import judge_new_clicks
from portevoix.links.models import Link
from portevoix.people.models import Person

log = logging.getLogger(__name__)
PROGRESS_SECONDS = 1.0
TRIES = 3


SECONDS_PER_TURN = 5.0  # a turn ends long before its lease
HOURS_KEPT = timedelta(days=100)
STRAYS_PER_TURN = 500


def judge_and_count(now: datetime) -> int:
    """Judges this machine's new clicks and counts what was judged anywhere, while there is more; says how many."""
    count, until = 0, time.monotonic() + SECONDS_PER_TURN
    while time.monotonic() < until:
        judged = judge_new_clicks(now)
        counted = counting.count_batches(now=now)
        count += counted
        if not judged and not counted:
            break
    counted_to = CountingTurn.objects.values_list("counted_to_ms", flat=True).first()
    if counted_to:
        with suppress(OSError):  # a metric, no more
            tell_counted(settings.VAR, counted_to)
    return count


def erase_old_figures(now: datetime) -> int:
    """Erases figures by the hour after a hundred days, and all others after twenty-five months; says how many rows."""
    hour = spans.day_number((now - HOURS_KEPT).date()) * 24
    oldest = (now - FIGURES_KEPT).date()
    limits = {Span.HOUR: hour, Span.DAY: spans.day_number(oldest), Span.MONTH: spans.month_number(oldest)}
    return sum(
        model.unscoped.filter(span=span, at__lt=limit).delete()[0]
        for model in (Tally, Crowd)
        for span, limit in limits.items()
    )


def erase_strays(now: datetime) -> int:
    """Erases the figures of people and links that are no more, which a count may have written meanwhile."""
    gone = 0
    standing: dict[Dimension, Any] = {
        Dimension.PERSON: Person.unscoped.all(),
        Dimension.LINK: Link.unscoped.all(),
    }
    for dimension, rows in standing.items():
        strays = Tally.unscoped.filter(dimension=dimension).exclude(key__in=rows.values("pk"))
        keys = list(strays.order_by().values_list("key", flat=True).distinct()[:STRAYS_PER_TURN])
        for model in (Tally, Crowd):
            gone += model.unscoped.filter(dimension=dimension, key__in=keys).delete()[0]
    return gone


def prepare_export(export: Export, now: datetime) -> None:
    """Prepares a claimed export; a failure is tried again, three times in all.

    The file has no name while it is written: it goes with a worker that is killed. It stops within a second of being
    erased by its owner, or taken up by another worker.
    """
    try:
        with (
            tenancy.acting_for(export.organisation_id),
            translation.override(export.language),
            tempfile.TemporaryFile() as draft,
        ):
            _write(export, draft, now)
            name = files.keep(export, draft)
    except work.StaleClaim:
        raise
    except Exception as error:
        log.exception("export %s failed", export.code)
        _settle_failure(export, error, now)
    else:
        _hand_over(export, name, now=now)


def _write(export: Export, draft: IO[bytes], now: datetime) -> None:
    table = table_of(export, now)
    work.write_claimed(export, steps_done=0, steps_total=table.steps)
    progress = Progress(lambda steps: work.write_claimed(export, steps_done=steps))
    about = {
        "kind": export.kind,
        "since": export.since_on.isoformat(),
        "until": export.until_on.isoformat(),
        "zone": table.zone,
        "made_at": now.isoformat(),
    }
    formats.write(export.format, draft, table.columns, progress.through(table.parts), about)


class Progress:
    """Tells how many steps are done, at most once a second: a row is no place to write a thousand times a second."""

    def __init__(self, tell: Callable[[int], None], seconds: Callable[[], float] = time.monotonic) -> None:
        self.tell, self.seconds = tell, seconds
        self.told_at = seconds()

    def through(self, parts: Iterable[list[Row]]) -> Iterator[Row]:
        """The rows of each part; a part is a step."""
        for steps, part in enumerate(parts, start=1):
            yield from part
            if (moment := self.seconds()) - self.told_at >= PROGRESS_SECONDS:
                self.told_at = moment
                self.tell(steps)


def _settle_failure(export: Export, error: Exception, now: datetime) -> None:
    files.erase(export)
    given_up = export.attempts >= TRIES
    state = Export.State.FAILED if given_up else Export.State.WAITING
    due_at = None if given_up else now + timedelta(minutes=export.attempts)
    work.settle(export, due_at=due_at, error=f"{type(error).__name__}: {error}", state=state)


def _hand_over(export: Export, name: str, *, now: datetime) -> None:
    facts: dict[str, Any] = {"ready_at": now, "file": name, "steps_done": export.steps_total}
    try:
        work.settle(export, due_at=None, state=Export.State.READY, **facts)
    except work.StaleClaim:  # erased by its owner, or taken up by another worker, while we wrote it
        files.erase_names([name])
        raise


EXPORTS = work.RowWork(
    model=Export,
    act=prepare_export,
    rows=lambda: Export.unscoped.filter(state=Export.State.WAITING),
)


def erase_old_exports(now: datetime) -> int:
    """Erases the files and rows of exports made more than seven days ago; says how many."""
    old = Export.unscoped.filter(created_at__lt=now - EXPORT_LIFE)
    for export in old:
        files.erase(export)
        export.delete()
    return len(old)
