"""Departures: answers that leave once their clicks are written down.

All that came in one turn of the event loop is written by one append, then its answers leave. How sure the writing must
be is the operator's choice: in the kernel's keeping, where the death of the process cannot reach it (`Departures`), or on
the disk, where a loss of power cannot either (`SureDepartures`).
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Protocol

from portevoix.redirector.spool import Spool

_log = logging.getLogger(__name__)


class Traveller(Protocol):
    """Whoever an answer leaves for."""

    def leave(self, reply: bytes) -> None:
        """Sends an answer; never fails, whatever has become of the connection."""


class Departures:
    """Answers leave when their clicks are in the kernel's keeping: the end of the process loses none."""

    def __init__(self, spool: Spool, loop: asyncio.AbstractEventLoop) -> None:
        self._spool = spool
        self._loop = loop
        self._frames: list[bytes] = []
        self._waiting: list[tuple[Traveller, bytes]] = []
        self._is_coming = False  # `write` will be called in this turn

    def begin_turn(self) -> tuple[Callable[[tuple[Traveller, bytes]], None], Callable[[bytes], None]]:
        """What takes answers with whom they leave for, and what takes frames, until the caller calls `write`."""
        self._is_coming = True
        return self._waiting.append, self._frames.append

    def add(self, traveller: Traveller, reply: bytes, frame: bytes = b"") -> None:
        """Has an answer leave at the end of this turn, after all that were added before."""
        if not self._is_coming:
            self._is_coming = True
            self._loop.call_soon(self.write)
        self._waiting.append((traveller, reply))
        if frame:
            self._frames.append(frame)

    def write(self) -> None:
        """Writes the clicks of this turn and lets the answers go; a click that cannot be written is a loss, counted."""
        self._is_coming = False
        if self._frames:
            frames, self._frames = self._frames, []
            self._spool.record_all(frames)
        waiting, self._waiting = self._waiting, []
        self.let_go(waiting)

    def let_go(self, waiting: list[tuple[Traveller, bytes]]) -> None:
        """Sends answers whose clicks are written."""
        for traveller, reply in waiting:
            try:
                traveller.leave(reply)
            except Exception:  # one client's misfortune is not the others'
                _log.exception("An answer could not leave.")

    def close(self) -> None:
        """Lets go of what still waits."""
        self.write()


class SureDepartures(Departures):
    """Answers leave when their clicks are on the disk. One thread forces them there, again and again while some wait."""

    def __init__(self, spool: Spool, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(spool, loop)
        self._next: list[tuple[Traveller, bytes]] = []
        self._begin = threading.Semaphore(0)
        self._is_forcing = False
        self._is_over = False
        self._thread = threading.Thread(target=self._keep_forcing, name="portevoix-force", daemon=True)
        self._thread.start()

    def let_go(self, waiting: list[tuple[Traveller, bytes]]) -> None:
        self._next += waiting
        if not self._is_forcing:
            self._force()

    def close(self) -> None:
        self._is_over = True
        self._begin.release()
        self._thread.join(5)
        self.write()
        super().let_go(self._next)

    def _force(self) -> None:
        self._leaving, self._next = self._next, []
        self._is_forcing = True
        self._begin.release()

    def _keep_forcing(self) -> None:
        while self._begin.acquire() and not self._is_over:
            self._spool.force()
            self._loop.call_soon_threadsafe(self._forced)

    def _forced(self) -> None:
        self._is_forcing = False
        leaving, self._leaving = self._leaving, []
        if self._next:
            self._force()
        super().let_go(leaving)
