"""How many answered clicks are lost, or written twice, when the server is killed under load: SIGKILL to every process of
it, many times.

Half of the clients give each click a name of its own, in the User-Agent, which is written down; the others say the same
all the time, as browsers do, each in its own words. After the kill, every named click that was answered must be on disk,
once; of the others as many as were answered, or one more each, whose answer did not arrive any more. Prints one table
and one line of JSON; exits 1 when a single click is missing or doubled.

    python bench/kill_redirect.py [--rounds 200] [--server "front, process"] [--write]
"""

import argparse
import json
import os
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from machine import keep, machine
from pages import write_part
from redirect_target import free_port, kill, make_links, serving

from portevoix.links.segments import clicks_folder, each_click, list_segments, read_segment

CLIENTS = 16
LINKS = 200


class Result(NamedTuple):
    """What became of one round's clicks. `late`: written, and their answer had not arrived when the server died."""

    answered: int
    recorded: int
    lost: int
    doubled: int
    late: int
    torn_bytes: int


def main() -> int:
    options = _options()
    began, load = time.monotonic(), os.getloadavg()[0]
    results = [kill_once(options.server, 0.15 + random.random() * 0.5) for _ in range(options.rounds)]
    total = Result(*(sum(column) for column in zip(*results, strict=True)))
    text = "\n".join([*_table(options.server, options.rounds, total), "", _circumstances(began, load)])
    print(text)
    figures = {"server": options.server, "rounds": options.rounds, **total._asdict()}
    print(json.dumps({"bench": "kill_redirect", **figures}))
    keep("kill_redirect", figures)
    if options.write:
        write_part("performance.md", "kill", text)
    return 0 if total.lost == 0 and total.doubled == 0 and total.answered > 0 else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--server", default="front, process")
    parser.add_argument("--write", action="store_true", help="writes into docs/run/performance.md")
    return parser.parse_args()


@dataclass
class Client:
    """One connection that asks until it is cut off. `answered` counts clicks by what is written down of them."""

    number: int
    port: int
    codes: list[str]
    answered: Counter[str] = field(default_factory=Counter)

    @property
    def is_naming(self) -> bool:
        """Whether each click has a name of its own."""
        return self.number % 2 == 0

    def ask_until_cut_off(self) -> None:
        chance, count = random.Random(self.number), 0
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=5)) as connection:
            while True:
                count += 1
                name = f"Client/{self.number}" + (f" click-{count}" if self.is_naming else "")
                head = f"GET /r/{chance.choice(self.codes)} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {name}\r\n\r\n"
                try:
                    connection.sendall(head.encode())
                    if not _is_answered(connection):
                        return
                except OSError:
                    return
                self.answered[name] += 1


def kill_once(server_name: str, seconds: float) -> Result:
    """Loads the server, kills it after `seconds`, and compares what was answered with what is on disk."""
    with tempfile.TemporaryDirectory(prefix="portevoix-kill-") as name:
        folder, port = Path(name), free_port()
        codes = make_links(folder, LINKS)
        clients = [Client(number, port, codes) for number in range(CLIENTS)]
        with serving(server_name, folder, port) as server:
            threads = [threading.Thread(target=client.ask_until_cut_off) for client in clients]
            for thread in threads:
                thread.start()
            time.sleep(seconds)
            kill(server)
            for thread in threads:
                thread.join()
        return _compare(folder, clients)


def _is_answered(connection: socket.socket) -> bool:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(4096)
        if not piece:
            return False
        received += piece
    return received.startswith(b"HTTP/1.1 302")


def _compare(folder: Path, clients: list[Client]) -> Result:
    segments = list_segments(clicks_folder(folder))
    recorded = Counter(click.agent or "" for path in segments for click in each_click(path))
    answered = sum((client.answered for client in clients), Counter[str]())
    late = recorded - answered
    # A client waits for an answer before it asks again: of each, one click at most can be late.
    by_client = Counter[str]()
    for name, count in late.items():
        by_client[name.partition(" ")[0]] += count
    doubled = sum(count - 1 for name, count in recorded.items() if " click-" in name)
    doubled += sum(max(0, count - 1) for name, count in by_client.items())
    torn = sum(read_segment(path, path.stat().st_size).torn_bytes for path in segments)
    return Result(
        answered.total(), recorded.total(), (answered - recorded).total(), doubled, late.total(), torn
    )


def _table(server: str, rounds: int, total: Result) -> list[str]:
    return [
        "| server | kills | answers received | written | lost | doubled | written, answer not received |",
        "|---|---|---|---|---|---|---|",
        f"| {server} | {rounds} | {total.answered:,} | {total.recorded:,} | **{total.lost}** | **{total.doubled}** "
        f"| {total.late:,} |",
    ]


def _circumstances(began: float, load: float) -> str:
    took = time.monotonic() - began
    return f"{machine()}; load average before it began: {load:.1f}; {took / 60:.1f} minutes."


if __name__ == "__main__":
    sys.exit(main())
