"""Turns: what all connections said in one turn of the event loop, answered one after the other.

Together, because a processor that does the same thing thirty times in a row does it in less time than one that goes back
to its sockets in between. Most of what comes is one request for a popular link by a usual browser, word for word like
somebody else's before: it is recognised whole, and only the click is new. Anything else is read by its connection.
"""

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Final

from portevoix.links.previews import builds_preview
from portevoix.links.segments import CLICK, NOBODY, frame_of_facts
from portevoix.links.visitors import hash_of, network_of
from portevoix.redirector.answer import Traits
from portevoix.redirector.departures import Departures
from portevoix.redirector.replies import Replies, traits_in
from portevoix.redirector.requests import BadRequest, read_head

if TYPE_CHECKING:
    from portevoix.redirector.connection import Connection

_LONGEST_FIELDS: Final = 1024
_MOST_FIELDS: Final = 4096
_MOST_LEARNED: Final = (
    4  # in one turn: soon enough for what is common, and too few for strangers to push that out
)
# Who sends these is alone in it: not worth keeping, nor ours to keep.
_ONES_OWN: Final = re.compile(rb"(?i)cookie:|authorization:")

_log = logging.getLogger(__name__)


class Turns:
    """Has connections read what they heard, all of them once a turn."""

    def __init__(self, loop: asyncio.AbstractEventLoop, replies: Replies, departures: Departures) -> None:
        self._loop = loop
        self._replies = replies
        self._departures = departures
        self._heard: list[Connection] = []
        # The traits of clicks by the bytes of their heads' fields.
        self._fields: dict[bytes, Traits] = {}
        self._of_card_drawers: dict[
            bytes, Traits
        ] = {}  # the same of those who are given cards where there are some
        self._may_learn = 0

    def hear(self, connection: "Connection") -> None:
        """Has what a connection heard read at the end of this turn."""
        if not self._heard:
            self._loop.call_soon(self.answer)
        self._heard.append(connection)

    def answer(self) -> None:
        """Answers what was heard in this turn; the answers leave when their clicks are written."""
        heard, self._heard = self._heard, []
        self._may_learn = _MOST_LEARNED
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
                    traits, network = self._read(connection, data, fields, gives_card=link[-1])
                if link is None or traits is None or link[0] <= now or not connection.takes_usual():
                    connection.read_heard()
                    continue
                _, reply, secret, number, organisation, closed, code, _ = link
                _, device, flags, texts, seen = traits
                visitor = hash_of(secret, network + seen) or NOBODY
                facts = (CLICK, now_ms, number, organisation, flags | closed, device, visitor)
                write_down(frame_of_facts(facts, code, texts))
                depart((connection, reply))
                clicks += 1
            except Exception:  # one client's misfortune is not the others'
                _log.exception("What a client said could not be answered.")
                connection.transport.abort()
        self._replies.note_usual(clicks)

    def _read(
        self, connection: "Connection", data: bytes, fields: bytes, *, gives_card: bool
    ) -> tuple[Traits | None, bytes]:
        """The traits and the network in a head; no traits when it is not all that was said, or asks for more: a card."""
        known = self._of_card_drawers.get(fields)
        if known is not None:
            return (None, b"") if gives_card else (known, connection.network)
        try:
            head = read_head(data)
        except BadRequest:
            return None, b""
        if head is None or head.end < len(data) or not head.keep_alive or head.has_body:
            return None, b""
        traits = traits_in(head)
        draws_cards = builds_preview(traits.agent)
        is_passed_on = b"x-forwarded-for" in head.fields
        if (
            self._may_learn
            and not is_passed_on
            and len(fields) <= _LONGEST_FIELDS
            and not _ONES_OWN.search(fields)
        ):
            self._learn(self._of_card_drawers if draws_cards else self._fields, fields, traits)
        if draws_cards and gives_card:
            return None, b""
        return traits, network_of(connection.address(head)).encode() if is_passed_on else connection.network

    def _learn(self, known: dict[bytes, Traits], fields: bytes, traits: Traits) -> None:
        self._may_learn -= 1
        if len(known) >= _MOST_FIELDS:
            known.clear()
        known[fields] = traits
