"""Turns: what all connections said in one turn of the event loop, answered one after the other.

Together, because a processor that does the same thing thirty times in a row does it in less time than one that goes back
to its sockets in between. Most of what comes is one request for a popular link by a usual browser, word for word like
somebody else's before: it is recognised whole, and only the click is new. Anything else is read by its connection.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from portevoix.links.segments import CLICK, NOBODY, frame_of_facts
from portevoix.links.visitors import hash_of
from portevoix.redirector.answer import Traits
from portevoix.redirector.departures import Departures
from portevoix.redirector.replies import Replies, traits_in
from portevoix.redirector.requests import read_usual

if TYPE_CHECKING:
    from portevoix.redirector.connection import Connection

_LONGEST_HEAD: Final = 1024
_MOST_BLOCKS: Final = 4096

_log = logging.getLogger(__name__)


class Turns:
    """Has connections read what they heard, all of them once a turn."""

    def __init__(self, loop: asyncio.AbstractEventLoop, replies: Replies, departures: Departures) -> None:
        self._loop = loop
        self._replies = replies
        self._departures = departures
        self._heard: list[Connection] = []
        self._unknown = b""
        # The fields of heads that need no thought, by their bytes, with the traits of a click that comes so.
        self._blocks: dict[bytes, Traits] = {}

    def hear(self, connection: "Connection") -> None:
        """Has what a connection heard read at the end of this turn."""
        if not self._heard:
            self._loop.call_soon(self.answer)
        self._heard.append(connection)

    def answer(self) -> None:
        """Answers what was heard in this turn; the answers leave when their clicks are written."""
        heard, self._heard = self._heard, []
        try:
            self._answer_all(heard)
        finally:
            self._departures.write()
        if self._unknown:
            self._learn(self._unknown)
            self._unknown = b""

    def _answer_all(self, heard: "list[Connection]") -> None:
        now, usual_link = self._replies.begin_turn()
        now_ms, usual_block, clicks = int(now * 1000), self._blocks.get, 0
        depart, write_down = self._departures.begin_turn()
        for connection in heard:
            try:
                data = connection.rest
                line, _, block = data.partition(b"\r\n")
                link, traits = usual_link(line), usual_block(block)
                if link is None or traits is None or link[0] <= now or not connection.takes_usual():
                    connection.read_heard()
                    if len(data) <= _LONGEST_HEAD:
                        self._unknown = data
                    continue
                _, reply, secret, number, organisation, closed, code = link
                _, device, flags, texts, seen = traits
                visitor = hash_of(secret, connection.network + seen) or NOBODY
                facts = (CLICK, now_ms, number, organisation, flags | closed, device, visitor)
                write_down(frame_of_facts(facts, code, texts))
                depart((connection, reply))
                clicks += 1
            except Exception:  # one client's misfortune is not the others'
                _log.exception("What a client said could not be answered.")
                connection.transport.abort()
        self._replies.note_usual(clicks)

    def _learn(self, data: bytes) -> None:
        """One a turn: soon enough for what is common, and too seldom for strangers to make it dear."""
        head, block = read_usual(data), data.partition(b"\r\n")[2]
        # Who sends a cookie is alone in it: not worth keeping, nor ours to keep.
        if head is None or head.end < len(data) or b"cookie:" in block.lower():
            return
        if len(self._blocks) >= _MOST_BLOCKS:
            self._blocks.clear()
        self._blocks[block] = traits_in(head)
