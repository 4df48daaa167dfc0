"""How many answered clicks are lost when the server is killed under load: SIGKILL to every process, many times.

Sixteen clients keep asking; each counts the answers it has received whole. After the kill, the clicks in the segments
must be at least as many for every link (a click may be written whose answer did not arrive any more). Prints one table;
exits 1 when a single answered click is missing.
"""

import argparse
import json
import random
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from redirect_target import AGENTS, free_port, kill, make_links, serving

from portevoix.links.segments import clicks_folder, each_click, list_segments, read_segment

CLIENTS = 16


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--server", default="front, process")
    options = parser.parse_args()
    results = [kill_once(options.server, 0.5 + random.random()) for _ in range(options.rounds)]
    print(f"{'round':>5}{'answered':>10}{'recorded':>10}{'lost':>6}{'torn bytes':>12}")
    for number, (answered, recorded, lost, torn) in enumerate(results, start=1):
        print(f"{number:>5}{answered:>10,}{recorded:>10,}{lost:>6}{torn:>12}")
    lost, answered = sum(r[2] for r in results), sum(r[0] for r in results)
    print(
        json.dumps({"bench": "kill_redirect", "rounds": options.rounds, "answered": answered, "lost": lost})
    )
    return 0 if lost == 0 and answered > 0 else 1


def kill_once(server_name: str, seconds: float) -> tuple[int, int, int, int]:
    """Loads the server, kills it after `seconds`; how many were answered, recorded, lost, and the torn bytes left."""
    with tempfile.TemporaryDirectory(prefix="portevoix-kill-") as name:
        folder, port = Path(name), free_port()
        codes = make_links(folder, 500)
        answered: list[Counter[str]] = [Counter() for _ in range(CLIENTS)]
        with serving(server_name, folder, port) as server:
            clients = [
                threading.Thread(target=_ask_until_cut_off, args=(port, codes, counter, seed))
                for seed, counter in enumerate(answered)
            ]
            for client in clients:
                client.start()
            time.sleep(seconds)
            kill(server)
            for client in clients:
                client.join()
        return _compare(folder, sum(answered, Counter()))


def _ask_until_cut_off(port: int, codes: list[str], answered: Counter[str], seed: int) -> None:
    chance = random.Random(seed)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as connection:
        while True:
            code = chance.choice(codes)
            request = (
                f"GET /r/{code} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {chance.choice(AGENTS)}\r\n\r\n"
            )
            try:
                connection.sendall(request.encode())
                if not _whole_answer(connection):
                    return
            except OSError:
                return
            answered[code] += 1


def _whole_answer(connection: socket.socket) -> bool:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(4096)
        if not piece:
            return False
        received += piece
    return received.startswith(b"HTTP/1.1 302")


def _compare(folder: Path, answered: Counter[str]) -> tuple[int, int, int, int]:
    segments = list_segments(clicks_folder(folder))
    recorded = Counter(click.code for path in segments for click in each_click(path))
    torn = sum(read_segment(path, path.stat().st_size).torn_bytes for path in segments)
    lost = answered - recorded
    return answered.total(), recorded.total(), lost.total(), torn


if __name__ == "__main__":
    if shutil.which("granian") is None and not (Path(sys.executable).parent / "granian").exists():
        print("Missing: granian. It comes with the project's own environment: make setup", file=sys.stderr)
        sys.exit(2)
    sys.exit(main())
