"""A connection that delivers what is asked and loses the answer: the fault that makes posts double.

`with swallowing(upstream_port) as line:` listens at `line.port` and passes everything on. `line.lose(after=1)` lets one
more answer through, then loses them: the server has done what was asked, whoever asked never hears of it.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PIECE = 65_536


@dataclass
class Line:
    """The way to a server. `lost_count`: the answers that it kept to itself."""

    port: int
    upstream_port: int
    lost_count: int = 0
    _letting_through: int | None = None  # how many more answers; None for all
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def lose(self, *, after: int = 0) -> None:
        """From now on, after so many more answers, nothing comes back."""
        with self._turn:
            self._letting_through = after

    def mend(self) -> None:
        """Everything comes back again."""
        with self._turn:
            self._letting_through = None

    def _is_lost(self) -> bool:
        with self._turn:
            if self._letting_through is None:
                return False
            if self._letting_through > 0:
                self._letting_through -= 1
                return False
            self.lost_count += 1
            return True

    def carry(self, client: socket.socket) -> None:
        """One conversation: one question, one answer, as our own door holds them."""
        with client, socket.create_connection(("127.0.0.1", self.upstream_port)) as server:
            threading.Thread(target=_pass_on, args=[client, server], daemon=True).start()
            with suppress(OSError):
                answer = server.recv(PIECE)  # it has been done by now
                if answer and self._is_lost():
                    # While another still listens to it, closing alone says nothing.
                    client.shutdown(socket.SHUT_RDWR)
                    return
                while answer:
                    client.sendall(answer)
                    answer = server.recv(PIECE)


def _pass_on(client: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while piece := client.recv(PIECE):
            server.sendall(piece)
        server.shutdown(socket.SHUT_WR)


@contextmanager
def swallowing(upstream_port: int) -> Iterator[Line]:
    """A line to that port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        line = Line(listener.getsockname()[1], upstream_port)
        threading.Thread(target=_answer, args=[listener, line], daemon=True).start()
        yield line


def _answer(listener: socket.socket, line: Line) -> None:
    with suppress(OSError):  # the listener was closed: the test is over
        while True:
            client, _address = listener.accept()
            threading.Thread(target=line.carry, args=[client], daemon=True).start()
