"""The front and a generator of load on it, for the part of `rollup.py` that measures how late figures are."""

import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from redirect_target import AGENTS, free_port

CONNECTIONS = 32
REQUESTS = 8192


@contextmanager
def front() -> Iterator[int]:
    """`portevoix redirect`, alone, that believes whom its requests say they come from; gives its port."""
    port, metrics = free_port(), free_port()
    environ = {
        **os.environ,
        "PORTEVOIX_PORT": str(port),
        "PORTEVOIX_METRICS_PORT": str(metrics),
        "PORTEVOIX_TRUSTED_PROXIES": "127.0.0.1",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "portevoix", "redirect"], env=environ, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def load(port: int, codes: Sequence[str], seconds: int, folder: Path) -> "subprocess.Popen[str]":
    """wrk, which says at its end how many answers came; visitors come from addresses drawn at random."""
    chance = random.Random(5)
    weights = [1 / (rank + 1) for rank in range(len(codes))]
    lines = []
    for code in chance.choices(codes, weights, k=REQUESTS):
        address = ".".join(str(chance.randint(1, 254)) for _ in range(4))
        lines.append(
            f'  wrk.format("GET", "/r/{code}", {{["User-Agent"]="{chance.choice(AGENTS)}",'
            f' ["X-Forwarded-For"]="{address}", ["Accept-Language"]="fr"}}),'
        )
    script = folder / "load.lua"
    script.write_text(
        "local made, at = nil, 0\n"
        "function init() made = {\n" + "\n".join(lines) + "\n} end\n"
        "function request() at = at % #made + 1; return made[at] end\n"
        "function done(summary) io.write(string.format('%d\\n', summary.requests)) end\n"
    )
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "-s",
        str(script),
        f"http://127.0.0.1:{port}",
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/r/none", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The front did not begin to answer.")
