"""Agora as its worst: a network that fails before and after doing what it was asked, hangs, and does things late.

A process of its own, that nothing kills. It speaks the interface of the `dummy` network over real HTTP, honours no
idempotency key, and writes every post that it carries out into a journal, with the tracked link, before it answers: the
journal, and not our rows, is what `crash_check` believes. What happens to a try is drawn from the seed, the link and the
number of the try, so that a seed gives the same network again.

    python bench/crash_network.py JOURNAL '{"seed": 1, …}'     prints its port, then serves until it is killed
"""

import asyncio
import contextlib
import json
import os
import random
import socket
import struct
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from crash_clock import FastClock
from processes import end_with_parent

HOST = "agora.example"
HELD_SECONDS = 3.0  # how long a connection that gets no answer is kept
LAG_SECONDS = 0.02
REASONS = {200: "OK", 201: "Created", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True)
class Ways:
    """How the network behaves: shares of the tries, and seconds.

    `before`: it says 5xx, or cuts the connection, and does nothing. `after`: it does it, then says so, or answers half,
    or nonsense. `hang`: it does it and never answers. `late`: of those two, how many are done only later, up to
    `late_seconds` after the request came, whether or not somebody still waits. `wait`: 429 with Retry-After, in
    `wait_seconds` of the fast clock. `deaf`: of the questions whether a post is there, how many are answered 503.
    """

    seed: int = 0
    before: float = 0.10
    after: float = 0.10
    hang: float = 0.10
    wait: float = 0.03
    late: float = 0.5
    late_seconds: float = 0.5
    deaf: float = 0.03
    answer_seconds: tuple[float, float] = (0.005, 0.03)
    wait_seconds: tuple[int, int] = (60, 100)
    clock: Mapping[str, float] = field(default_factory=dict)
    first: Mapping[str, str] = field(
        default_factory=dict
    )  # what happens to the first try, by the link's code


CALM = Ways(before=0, after=0, hang=0, wait=0, deaf=0)


class Journal:
    """Lines of JSON, each written at once."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, what: str, **facts: object) -> None:
        line = json.dumps({"what": what, "at": time.monotonic(), **facts})
        os.write(self._file, line.encode() + b"\n")


class Agora:
    """The network: what it was asked, what it holds, what it says."""

    def __init__(self, ways: Ways, journal: Journal) -> None:
        self.ways = ways
        self.journal = journal
        self.clock = FastClock(**ways.clock) if ways.clock else FastClock.started(1)
        self.posts: defaultdict[str, list[str]] = defaultdict(list)
        self.tries: defaultdict[str, int] = defaultdict(int)
        self.looks: defaultdict[str, int] = defaultdict(int)
        self.count = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request, one answer, or none."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *headers = head.split("\r\n")
            said = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in headers)}
            # A request that does not come whole is not carried out: its sender died while writing it.
            body = await reader.readexactly(int(said.get("content-length", 0)))
            method, target, _ = line.split(" ")
            await self._answer(method, target, said.get("authorization", ""), body, writer)
        writer.close()

    async def _answer(
        self, method: str, target: str, token: str, body: bytes, writer: asyncio.StreamWriter
    ) -> None:
        parts = urlsplit(target)
        if (method, parts.path) == ("POST", "/api/posts"):
            await self._publish(json.loads(body)["link"], token, writer)
        elif (method, parts.path) == ("GET", "/api/posts"):
            self._look(parse_qs(parts.query)["link"][0], writer)
        elif method == "GET" and (number := unquote(parts.path).rpartition("/")[2]).isdecimal():
            self._say(writer, 200, self._facts(number))
        else:
            self._say(writer, 404, {"error": "not_found"})

    # --- publishing ------------------------------------------------------------------------------------------------
    async def _publish(self, link: str, token: str, writer: asyncio.StreamWriter) -> None:
        self.tries[link] += 1
        came, draw = time.monotonic(), random.Random(f"{self.ways.seed}/{link}/{self.tries[link]}")
        way = self._way(link, draw)
        self.journal.note("asked", link=link, token=token, way=way)
        if way == "wait":
            self._ask_to_wait(link, token, draw, writer)
        elif way == "before":
            self._break(writer, draw, ["", "500", "503"])
        elif way == "fine":
            number = self._carry_out(link, came)
            await asyncio.sleep(draw.uniform(*self.ways.answer_seconds))
            self._say(writer, 201, self._facts(number))
        else:
            self._carry_out_perhaps_late(link, came, draw)
            if way == "after":
                self._break(writer, draw, ["", "502", "half", "garbled", "not today"])
            else:
                await self._stay_silent(writer)

    def _way(self, link: str, draw: random.Random) -> str:
        forced = self.ways.first.get(link.rpartition("/")[2]) if self.tries[link] == 1 else None
        ways = ("before", "after", "hang", "wait", "fine")
        shares = [self.ways.before, self.ways.after, self.ways.hang, self.ways.wait]
        drawn = draw.choices(ways, [*shares, 1 - sum(shares)])[0]
        return forced or drawn

    def _carry_out_perhaps_late(self, link: str, came: float, draw: random.Random) -> None:
        if draw.random() < self.ways.late:
            late = draw.uniform(0.05, self.ways.late_seconds)
            asyncio.get_running_loop().call_later(late, self._carry_out, link, came)
        else:
            self._carry_out(link, came)

    def _carry_out(self, link: str, came: float) -> str:
        self.count += 1
        number = str(self.count)
        self.journal.note("done", link=link, id=number, late=round(time.monotonic() - came, 4))
        self.posts[link].append(number)
        return number

    def _ask_to_wait(self, link: str, token: str, draw: random.Random, writer: asyncio.StreamWriter) -> None:
        seconds = draw.randint(*self.ways.wait_seconds)
        until = self.clock.shown_at(time.monotonic()) + seconds
        # A date has no fractions: the second it names has begun by then.
        said = draw.choice([str(seconds), formatdate(int(until) + 1, usegmt=True)])
        self.journal.note("wait", link=link, token=token, until=until, said=said)
        self._say(writer, 429, {"error": "too_many"}, f"Retry-After: {said}\r\n")

    def _break(self, writer: asyncio.StreamWriter, draw: random.Random, kinds: list[str]) -> None:
        kind = draw.choice(kinds)
        if not kind:
            _reset(writer)
        elif kind.isdecimal():
            self._say(writer, int(kind), {"error": "broken"})
        elif kind == "half":
            writer.write(b'HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{"id": "')
        else:
            self._say(writer, 200, {"error": "not_today"} if kind == "not today" else ["\x00"])

    async def _stay_silent(self, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(HELD_SECONDS)
        _reset(writer)

    # --- telling ---------------------------------------------------------------------------------------------------
    def _look(self, link: str, writer: asyncio.StreamWriter) -> None:
        self.looks[link] += 1
        if random.Random(f"{self.ways.seed}/{link}/look {self.looks[link]}").random() < self.ways.deaf:
            self._say(writer, 503, {"error": "busy"})
            return
        self._say(writer, 200, {"posts": [self._facts(number) for number in self.posts.get(link, [])]})

    @staticmethod
    def _facts(number: str) -> dict[str, object]:
        return {"id": number, "url": f"https://{HOST}/posts/{number}", "views": 1}

    @staticmethod
    def _say(writer: asyncio.StreamWriter, status: int, data: object, more: str = "") -> None:
        body = json.dumps(data).encode()
        head = (
            f"HTTP/1.1 {status} {REASONS.get(status, 'Broken')}\r\nContent-Type: application/json\r\n{more}"
        )
        writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)

    async def watch_itself(self) -> None:
        """Notes how late it is itself: on a machine that is too busy it would do things later than it may."""
        worst = 0.0
        while True:
            before = time.monotonic()
            await asyncio.sleep(LAG_SECONDS)
            lag = time.monotonic() - before - LAG_SECONDS
            if lag > max(worst, 0.05):
                worst = lag
                self.journal.note("lag", seconds=round(lag, 4))


def _reset(writer: asyncio.StreamWriter) -> None:
    """Cuts the connection without a word."""
    if (held := writer.get_extra_info("socket")) is not None:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def listen(ways: Ways, journal: Journal) -> None:
    """Serves on a free port of loopback, which is printed, for ever."""
    agora = Agora(ways, journal)
    server = await asyncio.start_server(agora.serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.gather(server.serve_forever(), agora.watch_itself())


@dataclass
class Played:
    """The network as a process that somebody started."""

    process: "subprocess.Popen[str]"
    port: int

    def end(self) -> None:
        """Ends it."""
        self.process.kill()
        self.process.wait(10)


def play(ways: Ways, journal: Path) -> Played:
    """Starts the network; it is the caller's to end."""
    command = [sys.executable, __file__, str(journal), json.dumps(asdict(ways))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line.isdecimal():
        process.kill()
        raise RuntimeError("The network did not start.")
    return Played(process, int(line))


def main() -> None:
    end_with_parent()
    told = json.loads(sys.argv[2])
    ranges = {name: tuple(told[name]) for name in ("answer_seconds", "wait_seconds") if name in told}
    with contextlib.suppress(PermissionError, OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -5)  # where one may: a busy machine must not make the network late
    asyncio.run(listen(Ways(**{**told, **ranges}), Journal(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
