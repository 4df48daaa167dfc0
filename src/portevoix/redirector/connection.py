"""One connection of the front: requests in, answers out in the order they were asked, and nobody who keeps it waiting.

A request for a tracked link is answered here. Any other ends the reading of requests on this connection: it is handed
over, with everything that follows it, and the connection closes with its answer.
"""

import asyncio
from typing import TYPE_CHECKING, Final, cast

from portevoix.core.origin import is_trusted, visitor_address
from portevoix.links.visitors import network_of
from portevoix.redirector.handover import Handover
from portevoix.redirector.replies import Awaits, is_for_links
from portevoix.redirector.requests import BadRequest, Head, read_head

if TYPE_CHECKING:
    from portevoix.redirector.front import Front

IDLE_SECONDS: Final = 75.0
HEAD_SECONDS: Final = 10.0
UNREAD_SECONDS: Final = 30.0  # an answer that is not taken
HANDED_SECONDS: Final = 120.0  # a handed-over request of which nothing is heard, from either side
MOST_DUE: Final = 64  # answers on their way on one connection, before more of it is read
MOST_UNSENT_BYTES: Final = 65_536


class Connection(asyncio.Protocol):
    """What the event loop tells of one client, and what it is told."""

    transport: asyncio.Transport

    def __init__(self, front: "Front") -> None:
        self._front = front
        self._replies = front.replies
        self._departures = front.departures
        self._turns = front.turns
        self._deadline = front.now + IDLE_SECONDS
        self.rest = b""  # what came and was not read yet
        self.network = b""  # the client's, as it is hashed for a visitor
        self._is_heard = False  # what came will be read at the end of this turn
        self._due = 0  # answers that wait for their clicks to be written
        self._remote = ""
        self._is_from_proxy = False
        self._is_in_head = False  # a head has begun and is not whole
        self._is_looking_up = False
        self._is_unread = False  # the client does not take its answers
        self._is_reading_paused = False
        self._is_last = False  # no more requests are read here; it closes after what is due
        self._has_ended = False  # the client will not say more
        self._is_lost = False
        self._handover: Handover | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=MOST_UNSENT_BYTES)
        peer = transport.get_extra_info("peername")
        self._remote = peer[0] if isinstance(peer, tuple) else ""
        self._is_from_proxy = is_trusted(self._remote, self._front.trusted)
        self.network = network_of(self._remote).encode()
        self._front.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._is_lost = self._is_last = True
        self.rest = b""
        self._front.connections.discard(self)
        if self._handover is not None:
            self._handover.abandon()

    def data_received(self, data: bytes) -> None:
        if self._handover is not None:
            self._deadline = self._front.now + HANDED_SECONDS
            self._handover.send(data)
            return
        if self._is_last:
            return
        self.rest = self.rest + data if self.rest else data
        if not self._is_heard:
            self._is_heard = True
            self._turns.hear(self)

    def eof_received(self) -> bool:
        """What was asked is still answered."""
        if self._handover is not None:
            self._handover.send_end()
            return True
        self._has_ended = True
        return self._due > 0 or self._is_heard or self._is_looking_up or self._is_reading_paused

    def pause_writing(self) -> None:
        self._is_unread = True
        self._deadline = self._front.now + UNREAD_SECONDS
        if self._handover is not None:
            self._handover.pause()

    def resume_writing(self) -> None:
        self._is_unread = False
        if self._handover is not None:
            self._deadline = self._front.now + HANDED_SECONDS
            self._handover.resume()
        else:
            self.read_on()
            self._close_if_done()

    def address(self, head: Head) -> str:
        """The visitor's address, as far as a trusted proxy tells it."""
        if not self._is_from_proxy:
            return self._remote
        return self._address_told(head.fields.get(b"x-forwarded-for", b""))

    def network_told(self, forwarded_for: bytes) -> bytes:
        """The visitor's network, as it is hashed, when these addresses are told of it."""
        if not self._is_from_proxy:
            return self.network
        return network_of(self._address_told(forwarded_for)).encode()

    def _address_told(self, forwarded_for: bytes) -> str:
        return visitor_address(self._remote, forwarded_for.decode("latin-1"), self._front.trusted)

    def leave(self, reply: bytes) -> None:
        """Sends an answer whose click is written."""
        self._due -= 1
        if self._is_lost:
            return
        try:
            self.transport.write(reply)
        except (OSError, RuntimeError):  # the client has gone, and the loop has not said so yet
            self.transport.abort()
            return
        if self._is_reading_paused and self._due <= MOST_DUE // 2:
            self.read_on()
        if self._is_last or self._has_ended:
            self._close_if_done()

    def check(self, now: float) -> None:
        """Cuts the connection when its time is over; called every second."""
        if now < self._deadline:
            return
        if self._is_in_head and not self._is_unread:
            self._refuse(408)
        elif self._handover is not None or self._is_unread:
            self.transport.abort()
        elif not self._due and not self._is_looking_up:
            self.transport.close()

    @property
    def is_ending(self) -> bool:
        """Whether the server is stopping, so that nothing is worth waiting for."""
        return self._is_last

    def end(self) -> None:
        """The server is stopping: no more requests are read, what was asked is answered."""
        self._is_last = True
        self._close_if_done()

    def give_back(self, data: bytes) -> None:
        """Sends a piece of the answer to what was handed over."""
        self._deadline = self._front.now + (UNREAD_SECONDS if self._is_unread else HANDED_SECONDS)
        try:
            self.transport.write(data)
        except (OSError, RuntimeError):  # the client has gone, and the loop has not said so yet
            self.transport.abort()

    def say_pages_are_away(self) -> None:
        """Answers what was handed over, and could not be."""
        self._handover = None
        self._refuse(502)

    def takes_usual(self) -> bool:
        """Whether what came, one usual request, may be answered at once; it then counts as read."""
        if self._is_last or self._is_looking_up or self._is_unread or self._due >= MOST_DUE:
            return False  # as `_must_wait`, without the call: this is the path of every click
        self._is_heard = False
        self.rest = b""
        self._due += 1
        self._deadline = self._front.now + IDLE_SECONDS
        return True

    def read_heard(self) -> None:
        """Reads what came in this turn."""
        self._is_heard = False
        self.read_on()
        if self._has_ended:
            self._close_if_done()

    def read_on(self) -> None:
        """Reads requests while there are whole ones and nothing must be waited for first."""
        data, at = self.rest, 0
        try:
            while at < len(data) and not self._must_wait():
                head = read_head(data, at)
                if head is None:
                    break
                is_link = is_for_links(head.target)
                if is_link or self._front.behind is None:
                    at = head.end
                    self._is_last = not head.keep_alive or head.has_body
                    self._answer(head) if is_link else self._depart(self._replies.absent(head))
                elif self._due:  # its answer comes from elsewhere, and must not overtake the earlier ones
                    self.rest = data[at:]
                    self._pause_reading()
                    return
                else:
                    self._hand_over(head, data[at:])
                    return
        except BadRequest as refused:
            self._refuse(refused.status)
            return
        self.rest = data[at:]
        self._wait_for_more(has_read=at > 0)

    def _must_wait(self) -> bool:
        return self._is_last or self._is_looking_up or self._is_unread or self._due >= MOST_DUE

    def _wait_for_more(self, *, has_read: bool) -> None:
        now = self._front.now
        if not (self.rest or self._is_reading_paused or self._is_looking_up or self._is_unread):
            self._is_in_head = False
            self._deadline = now + IDLE_SECONDS
        elif self._must_wait():
            self._pause_reading()
            self._is_in_head = False
            self._deadline = now + (UNREAD_SECONDS if self._is_unread else IDLE_SECONDS)
        else:
            if has_read or not self._is_in_head:  # a byte now and then does not buy more time
                self._deadline = now + (HEAD_SECONDS if self.rest else IDLE_SECONDS)
            self._is_in_head = bool(self.rest)
            if self._is_reading_paused and not self._due:
                self._is_reading_paused = False
                self.transport.resume_reading()

    def _pause_reading(self) -> None:
        if not self._is_reading_paused and not self._is_last:
            self._is_reading_paused = True
            self.transport.pause_reading()

    def _answer(self, head: Head, *, is_away: bool = False) -> None:
        try:
            reply, frame = self._replies.link(head, self, is_away=is_away)
        except Awaits as awaits:
            self._is_looking_up = True
            self._front.desk.ask(awaits.key, lambda is_away: self._come_again(head, is_away))
            return
        self._depart(reply, frame)

    def _depart(self, reply: bytes, frame: bytes = b"") -> None:
        self._due += 1
        self._departures.add(self, reply, frame)

    def _come_again(self, head: Head, is_away: bool) -> None:
        if self._is_lost:
            return
        self._is_looking_up = False
        self._answer(head, is_away=is_away)
        if not self._is_looking_up:
            self.read_on()

    def _refuse(self, status: int) -> None:
        """Answers what cannot be understood, in its turn, and reads nothing more."""
        self.rest = b""
        self._is_last = True
        self._is_in_head = False
        self._deadline = self._front.now + UNREAD_SECONDS
        self._depart(self._replies.refusal(status))

    def _hand_over(self, head: Head, data: bytes) -> None:
        assert self._front.behind is not None  # noqa: S101  # for the reader of types
        self.rest = b""
        self._is_in_head = False
        self._deadline = self._front.now + HANDED_SECONDS
        self._front.handed_over += 1
        self._handover = Handover(
            self, self._front.behind, head, data, remote=self._remote, is_from_proxy=self._is_from_proxy
        )
        self._handover.begin(self._front.loop)
        if self._has_ended:
            self._handover.send_end()

    def _close_if_done(self) -> None:
        is_over = self._is_last or (self._has_ended and not self._is_reading_paused)
        if is_over and not self._due and not self._is_looking_up and self._handover is None:
            self.transport.close()
