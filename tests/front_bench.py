"""A front on a small database of its own, in a thread of this process, asked over real sockets."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from portevoix import env
from portevoix.links.segments import RawClick, clicks_folder, each_click, list_segments
from portevoix.redirector.front import Front, listen
from portevoix.redirector.handover import Behind
from redirector_bench import OPEN, Bench

HOST = b"Host: l.example\r\n"


def asking(path: str, method: str = "GET", *lines: str) -> bytes:
    """The bytes of a request."""
    head = "".join(f"{line}\r\n" for line in (f"{method} {path} HTTP/1.1", "Host: l.example", *lines))
    return f"{head}\r\n".encode()


@dataclass
class Answered:
    """One answer, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection to a front."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
        self.rest = b""

    def say(self, data: bytes) -> None:
        self.socket.sendall(data)

    def hear(self, *, is_head: bool = False) -> Answered:
        """The next answer; EOFError when there is none."""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self._piece()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        length = 0 if is_head else int(headers.get("Content-Length", headers.get("content-length", "0")))
        while len(self.rest) < length:
            self.rest += self._piece()
        body, self.rest = self.rest[:length], self.rest[length:]
        return Answered(int(first.split()[1]), headers, body)

    def ask(self, path: str, method: str = "GET", *lines: str) -> Answered:
        self.say(asking(path, method, *lines))
        return self.hear(is_head=method == "HEAD")

    def hear_to_the_end(self) -> bytes:
        """Everything until the other side closes."""
        heard, self.rest = self.rest, b""
        while piece := self.socket.recv(65_536):
            heard += piece
        return heard

    def is_closed(self) -> bool:
        """Whether the other side has nothing more to say; waits for it."""
        try:
            return self.rest + self.socket.recv(1) == b""
        except ConnectionError:
            return True

    def close(self) -> None:
        self.socket.close()

    def _piece(self) -> bytes:
        piece = self.socket.recv(65_536)
        if not piece:
            raise EOFError
        return piece


@dataclass
class Fronted:
    """A front that runs, and what it stands on."""

    front: Front
    port: int
    bench: Bench
    var: Path

    def client(self, source: str = "127.0.0.1") -> Client:
        return Client(self.port, source)

    def ask(self, path: str, method: str = "GET", *lines: str) -> Answered:
        client = self.client()
        try:
            return client.ask(path, method, *lines)
        finally:
            client.close()

    def clicks(self) -> list[RawClick]:
        folder = clicks_folder(self.var)
        return [click for path in list_segments(folder) for click in each_click(path)]

    def on_loop(self, run: Callable[[], object]) -> object:
        """Runs that in the front's own thread; gives what it gives."""

        async def running() -> object:
            return run()

        return asyncio.run_coroutine_threadsafe(running(), self.front.loop).result(10)


@contextmanager
def running_front(var: Path, behind: Behind | None = None, **environ: str) -> Iterator[Fronted]:
    """A front that answers on a free port of loopback."""
    bench = Bench(var / "portevoix.sqlite3", var / "unused")
    bench.database.execute(
        "UPDATE links_visitorperiod SET starts_at = '2026-01-01 00:00:00', ends_at = '2126-01-01 00:00:00'"
    )
    bench.database.execute("UPDATE links_link SET expires_at = '2126-12-24 09:00:00' WHERE code = ?", (OPEN,))
    config = env.read({"PORTEVOIX_VAR": str(var), **environ})
    listening = listen("127.0.0.1", 0)
    port: int = listening.getsockname()[1]
    began: list[tuple[Front, asyncio.Event]] = []
    is_there = threading.Event()

    async def live() -> None:
        front, ending = Front(config, asyncio.get_running_loop(), behind), asyncio.Event()
        began.append((front, ending))
        is_there.set()
        await front.serve(listening, ending)

    thread = threading.Thread(target=lambda: uvloop.run(live()), daemon=True)
    thread.start()
    assert is_there.wait(10)
    front, ending = began[0]
    try:
        yield Fronted(front, port, bench, var)
    finally:
        front.loop.call_soon_threadsafe(ending.set)
        thread.join(15)
        bench.database.close()
    assert not thread.is_alive()
