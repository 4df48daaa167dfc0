"""The embedded engine: one process whose main thread claims due rows and whose other threads work on them.

It stops cleanly: what was claimed and not begun is given back, what was begun has a few seconds to end. Whatever a killed
process held is found again when its lease runs out.
"""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from django.db import close_old_connections

from portevoix.core import clock, work
from portevoix.core.engines import signs, turns
from portevoix.core.engines.holding import Held, Holdings, keep_alive
from portevoix.core.work import Lane, RowWork, Sweep, WorkRow

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.5
END_SECONDS = 8.0  # a worker ends within ten seconds of being told to


class Engine:
    """Works on due rows until `stop` is set."""

    def __init__(
        self,
        works: Sequence[RowWork],
        sweeps: Sequence[Sweep],
        *,
        threads: int,
        stop: threading.Event,
        name: str = "embedded",
    ) -> None:
        self.name = name
        self.works = deque([*works, turns.work_of(sweeps)])
        self.sweeps = sweeps
        self.threads = threads
        self.stop = stop
        self.wake = threading.Event()
        # One kind of work never takes every thread: a network that hangs holds up its posts, not the mail. Nor does what
        # waits for one stranger take every thread of its kind.
        self.most_of_one = threads if len(self.works) == 1 else max(1, threads - 2)
        self.most_of_lane = max(1, self.most_of_one * 2 // 3)
        self.next_look = dict.fromkeys((one.key for one in self.works), 0.0)
        self.next_look_beside = dict(self.next_look)  # for rows in other lanes than the full ones
        self.waiting: queue.SimpleQueue[Held | None] = queue.SimpleQueue()
        self.holdings = Holdings()
        self.kept_alive = [self.holdings]

    def run(self) -> None:
        """Runs until `stop` is set, then ends what was begun, for at most eight seconds."""
        turns.prepare(self.sweeps)
        workers = [self._start(self._work) for _ in range(self.threads)]
        self._start(lambda: keep_alive(self.name, self.kept_alive, self.stop))
        self._start(self._wake_to_stop)
        while not self.stop.is_set():
            self.wake.clear()
            if not self._fill():
                self.wake.wait(PAUSE_SECONDS)
        self._end(workers)

    @staticmethod
    def _start(target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, daemon=True, name="portevoix-work")
        thread.start()
        return thread

    def _wake_to_stop(self) -> None:
        self.stop.wait()
        self.wake.set()

    def _fill(self) -> bool:
        """Claims what there are idle threads for; says whether anything was claimed."""
        claimed = False
        try:
            for one in self.works:
                if (room := self._room(one)) > 0 and time.monotonic() >= self.next_look[one.key]:
                    claimed |= self._claim(one, room)
        except Exception:  # the database is away: it is asked again after a pause
            log.exception("due rows could not be claimed")
        finally:
            # Each kind comes first in its turn: what there is plenty of holds up nothing else.
            self.works.rotate(-1)
            close_old_connections()
        return claimed

    def _claim(self, one: RowWork, room: int) -> bool:
        full = self._full_lanes(one)
        if full and time.monotonic() < self.next_look_beside[one.key]:
            return False
        kept_out: list[WorkRow] = []  # rows whose lane filled up as others of it were taken

        def has_room(row: WorkRow) -> bool:
            if one.lane_of(row) in self._full_lanes(one):
                kept_out.append(row)
                return False
            return True

        rows = work.claim_some(
            one.rows_beside(full), now=clock.now(), lease=one.lease, limit=room, has_room=has_room
        )
        count = 0
        for row in rows:
            self.waiting.put(self.holdings.add(one, row))
            count += 1
        if count < room and not kept_out:  # nothing more of that kind, in those lanes, for now
            looks = self.next_look_beside if full else self.next_look
            looks[one.key] = time.monotonic() + PAUSE_SECONDS
        return bool(count)

    def _room(self, one: RowWork) -> int:
        return min(self.most_of_one - self.holdings.count(one.key), self.threads - self.holdings.count())

    def _full_lanes(self, one: RowWork) -> list[Lane]:
        """The lanes of that kind in which no more may be held."""
        lanes = self.holdings.lanes(one.key) if one.lane else {}
        return [lane for lane, count in lanes.items() if count >= self.most_of_lane]

    def _work(self) -> None:
        while held := self.waiting.get():
            try:
                if self.stop.is_set() or not held.may_begin(clock.now()):
                    work.release(held.row)
                else:
                    work.work_on(held.work, held.row, clock.now())
            except Exception:  # a row that could not be given back is free when its lease runs out
                log.exception("%s %s could not be given back", held.work.key, held.row.pk)
            finally:
                close_old_connections()
                self.holdings.drop(held)
                self.wake.set()

    def _end(self, workers: Sequence[threading.Thread]) -> None:
        for _worker in workers:
            self.waiting.put(None)
        until = time.monotonic() + END_SECONDS
        for worker in workers:
            worker.join(max(0.0, until - time.monotonic()))
        signs.take_away()
