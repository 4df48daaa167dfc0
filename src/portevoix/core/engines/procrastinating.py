"""The engine for many machines: rows are announced to Procrastinate, on PostgreSQL, in the transaction that dates them.

A job names a row; whoever gets it claims the row like everyone else, so that a job that comes twice, or late, does no
harm. Procrastinate wakes the workers and shares the jobs out. Rows whose announcement was lost are found by a look every
ten seconds. Recurring looks are rows too, and take their turns through an embedded engine beside it.
"""

import asyncio
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.db import close_old_connections, transaction
from procrastinate.app import App
from procrastinate.contrib.django import app as app_of_django
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from portevoix.core import clock, work
from portevoix.core.engines import embedded
from portevoix.core.engines.holding import Holdings
from portevoix.core.work import RowWork, Sweep

log = logging.getLogger(__name__)
TASK = "portevoix.row"
LOOK_EVERY = timedelta(seconds=10)
LATE_AFTER = timedelta(seconds=5)  # an announced row is normally taken well before
POLL_SECONDS = 0.5  # new jobs are announced; planned ones are looked for
MOST_AT_ONCE = 1000
LOOK_THREADS = 2


def defer(key: str, pk: int, due_at: datetime) -> None:
    """Announces that the row of that kind is due at that moment; once for each row and moment."""
    job = app_of_django.configure_task(
        TASK, queue=key, queueing_lock=_lock(key, pk, due_at), schedule_at=due_at, allow_unknown=True
    )
    try:
        with transaction.atomic():  # a second announcement must not spoil the caller's transaction
            job.defer(key=key, pk=pk)
    except AlreadyEnqueued:
        return


def _lock(key: str, pk: int, due_at: datetime) -> str:
    return f"{key}:{pk}:{int(due_at.timestamp())}"


class Engine:
    """Works on announced rows until `stop` is set."""

    def __init__(
        self, works: Sequence[RowWork], sweeps: Sequence[Sweep], *, threads: int, stop: threading.Event
    ) -> None:
        self.works = {one.key: one for one in works}
        self.threads = threads
        self.stop = stop
        net = Sweep("find-forgotten-rows", self.find_forgotten, LOOK_EVERY)
        self.looks = embedded.Engine(
            [], [*sweeps, net], threads=LOOK_THREADS, stop=stop, name="procrastinate"
        )
        self.holdings = Holdings()  # beside those of the looks, which must not wait for busy jobs
        self.looks.kept_alive.append(self.holdings)

    def run(self) -> None:
        """Runs until `stop` is set, then ends what was begun, for at most eight seconds."""
        jobs = threading.Thread(target=self._run_jobs, name="portevoix-jobs", daemon=True)
        jobs.start()
        self.looks.run()
        jobs.join(embedded.END_SECONDS)

    def _run_jobs(self) -> None:
        try:
            asyncio.run(self._jobs())
        finally:  # without its jobs the process is of no use: it ends, and whoever keeps it starts another
            self.stop.set()

    async def _jobs(self) -> None:
        # Rows are worked on in threads, of which asyncio would have as many as there are processors.
        pool = ThreadPoolExecutor(max_workers=self.threads, thread_name_prefix="portevoix-work")
        asyncio.get_running_loop().set_default_executor(pool)
        app = self.app()
        async with app.open_async():
            worker = asyncio.create_task(self._work(app))
            while not self.stop.is_set() and not worker.done():
                await asyncio.sleep(0.2)
            worker.cancel()
            await asyncio.wait({worker})

    def app(self) -> App:
        """What takes jobs, with tasks and connections of its own.

        Were the task known to Django's app too, whatever is announced here would leave by these connections: outside its
        transaction, and from threads that they are not made for.
        """
        app = App(connector=app_of_django.connector.get_worker_connector())  # type: ignore[attr-defined]
        app.task(name=TASK)(self.work_on_row)
        return app

    async def _work(self, app: App) -> None:
        await app.run_worker_async(
            concurrency=self.threads,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=embedded.END_SECONDS - 1,
            delete_jobs="always",  # what happened is on the row
            install_signal_handlers=False,
        )

    def work_on_row(self, key: str, pk: int) -> None:
        """One job: claims the row it names, if it is due and free, and works on it."""
        one, now = self.works.get(key), clock.now()
        if one is None:
            return
        try:
            row = work.claim(one.due_rows().filter(pk=pk), now=now, lease=one.lease)
            if row is not None:
                with self.holdings.holding(one, row):
                    work.work_on(one, row, now)
        finally:
            close_old_connections()

    def find_forgotten(self, now: datetime) -> int:
        """Announces due rows that nobody took: their announcement, or the worker that had it, was lost.

        Those whose announcement waits its turn are left out: telling again of a thousand of them takes seconds.
        """
        self._drop_stalled_jobs()
        count = 0
        for one in self.works.values():
            late = work.unclaimed(one.due_rows(), now=now, due_before=now - LATE_AFTER)
            rows = {_lock(one.key, *row): row for row in late.values_list("pk", "due_at")[:MOST_AT_ONCE]}
            waiting = ProcrastinateJob.objects.filter(status="todo", queueing_lock__in=list(rows))
            for lock in rows.keys() - set(waiting.values_list("queueing_lock", flat=True)):
                defer(one.key, *rows[lock])
                count += 1
        return count

    def _drop_stalled_jobs(self) -> None:
        """Jobs of workers that died: their rows are found by themselves."""
        jobs = app_of_django.job_manager
        for job in async_to_sync(jobs.get_stalled_jobs)():
            async_to_sync(jobs.finish_job)(job, Status.FAILED, delete_job=True)
