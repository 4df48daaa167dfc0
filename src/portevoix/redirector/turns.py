"""Turns: what all connections said in one turn of the event loop, answered one after the other.

Together, because a processor that does the same thing thirty times in a row does it in less time than one that goes back
to its sockets in between. Most of what comes is one request for a popular link by a usual browser. Word for word like
somebody else's before, it is recognised whole; new in some word, it is cut in one go, and what it says of the click is
known. Anything else is read by its connection.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from portevoix.links.segments import CLICK, NOBODY, frame_of_facts
from portevoix.links.visitors import hash_of
from portevoix.redirector.answer import Traits
from portevoix.redirector.departures import Departures
from portevoix.redirector.replies import Replies, traits_said
from portevoix.redirector.requests import said_in

if TYPE_CHECKING:
    from portevoix.redirector.connection import Connection

_LONGEST_FIELDS: Final = 1024
_MOST_FIELDS: Final = 4096
# Who sends these is alone in it: not worth keeping, nor ours to keep.
_ONES_OWN: Final = (b"cookie:", b"authorization:")

_log = logging.getLogger(__name__)


class Turns:
    """Has connections read what they heard, all of them once a turn."""

    def __init__(self, loop: asyncio.AbstractEventLoop, replies: Replies, departures: Departures) -> None:
        self._loop = loop
        self._replies = replies
        self._departures = departures
        self._heard: list[Connection] = []
        # The traits of clicks by the bytes of their heads' fields. One is learned in each turn: soon enough for what is
        # common, and too few for strangers to push that out.
        self._fields: dict[bytes, Traits] = {}
        self._may_learn = False

    def hear(self, connection: "Connection") -> None:
        """Has what a connection heard read at the end of this turn."""
        if not self._heard:
            self._loop.call_soon(self.answer)
        self._heard.append(connection)

    def answer(self) -> None:
        """Answers what was heard in this turn; the answers leave when their clicks are written."""
        heard, self._heard = self._heard, []
        self._may_learn = True
        try:
            self._answer_all(heard)
        finally:
            self._departures.write()

    def _answer_all(self, heard: "list[Connection]") -> None:
        now, usual_link = self._replies.begin_turn()
        now_ms, usual_fields, clicks = int(now * 1000), self._fields.get, 0
        depart, write_down = self._departures.begin_turn()
        for connection in heard:
            try:
                data, network = connection.rest, connection.network
                line, _, fields = data.partition(b"\r\n")
                link, traits = usual_link(line), usual_fields(fields)
                if traits is None and link is not None:
                    traits, network = self._read(connection, data, fields)
                if (
                    link is None
                    or traits is None
                    or link[0] <= now
                    or (link[1] and traits.draws_cards)
                    or not connection.takes_usual()
                ):
                    connection.read_heard()
                    continue
                _, _, reply, hasher, number, organisation, closed, code = link
                _, device, flags, texts, seen, _ = traits
                visitor = hash_of(hasher, network + seen) or NOBODY
                facts = (CLICK, now_ms, number, organisation, flags | closed, device, visitor)
                write_down(frame_of_facts(facts, code, texts))
                depart((connection, reply))
                clicks += 1
            except Exception:  # one client's misfortune is not the others'
                _log.exception("What a client said could not be answered.")
                connection.transport.abort()
        self._replies.note_usual(clicks)

    def _read(self, connection: "Connection", data: bytes, fields: bytes) -> tuple[Traits | None, bytes]:
        """The traits and the network in a usual head; no traits when it is another, or not all that was said."""
        said = said_in(data)
        if said is None:
            return None, b""
        agent, referrer, language, forwarded_for = said
        traits = traits_said(agent, referrer, language)
        if forwarded_for:
            return traits, connection.network_told(forwarded_for)
        if self._may_learn and len(fields) <= _LONGEST_FIELDS:
            self._learn(fields, traits)
        return traits, connection.network

    def _learn(self, fields: bytes, traits: Traits) -> None:
        self._may_learn = False
        lowered = fields.lower()
        if any(name in lowered for name in _ONES_OWN):
            return
        if len(self._fields) >= _MOST_FIELDS:
            self._fields.clear()
        self._fields[fields] = traits
