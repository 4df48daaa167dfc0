"""How fast a tracked link is answered and recorded, beside nginx doing `return 302` with its access log.

The servers alternate in rounds on the same machine, because only the ratio within one run can be compared between
machines. Prints one table, then the machine and the figures as one line of JSON. Exits 1 below the bar, 2 when a tool is
missing.
"""

import argparse
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from machine import keep, machine
from redirect_target import AGENTS, SERVERS, free_port, make_links, processor_seconds, serving

REFERENCE = "nginx return 302"
MEASURED = "front, process"
BAR = 0.18  # of the requests per second of nginx; 0.22 to 0.33 were measured on two busy cores when this was set
CONNECTIONS = 32


class Round(NamedTuple):
    """One run of the generator. Processor time hardly moves when others keep the machine busy; the rate does."""

    per_second: float
    p99_ms: float
    answers: int
    wrong: int
    processor_us: float


def main() -> int:
    options = _options()
    missing = [tool for tool in ("nginx", "wrk") if shutil.which(tool) is None]
    if missing:
        print(
            f"Missing: {' and '.join(missing)}. On Debian: apt-get install {' '.join(missing)}",
            file=sys.stderr,
        )
        return 2
    rounds = _run(options.rounds, options.seconds)
    ratio = _median(rounds[MEASURED]) / _median(rounds[REFERENCE])
    _print_table(rounds)
    figures = _summary(rounds, ratio)
    print(json.dumps({"machine": machine(), **figures}))
    keep("redirect", figures)
    wrong = sum(one.wrong for runs in rounds.values() for one in runs)
    return 0 if ratio >= options.bar and wrong == 0 else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--bar", type=float, default=BAR)
    return parser.parse_args()


def _run(count: int, seconds: int) -> dict[str, list[Round]]:
    rounds: dict[str, list[Round]] = {name: [] for name in SERVERS}
    with tempfile.TemporaryDirectory(prefix="portevoix-bench-") as folder:
        script = _requests(Path(folder), make_links(Path(folder)))
        for _ in range(count):
            for name in SERVERS:
                rounds[name].append(_measure(name, Path(folder), script, seconds))
                shutil.rmtree(Path(folder) / "clicks", ignore_errors=True)
    return rounds


def _measure(name: str, folder: Path, script: Path, seconds: int) -> Round:
    port = free_port()
    with serving(name, folder, port) as server:
        _load(port, script, 1)
        before = processor_seconds(server)
        run = _load(port, script, seconds)
        spent = processor_seconds(server) - before
        return run._replace(processor_us=spent / max(1, run.answers) * 1e6)


def _load(port: int, script: Path, seconds: int) -> Round:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script)]
    report = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"FIGURES (\S+) (\S+) (\d+) (\d+)", report)
    if found is None:
        raise SystemExit(f"wrk said nothing that can be read:\n{report}")
    return Round(float(found[1]), float(found[2]), int(found[3]), int(found[4]), 0.0)


def _requests(folder: Path, codes: list[str]) -> Path:
    """A script for wrk: 4,096 requests made beforehand, a few links far more popular than the others."""
    chance = random.Random(2)
    weights = [1 / (rank + 1) for rank in range(len(codes))]
    lines = [
        f'  wrk.format("GET", "/r/{code}", {{["User-Agent"]="{chance.choice(AGENTS)}",'
        f' ["Accept-Language"]="fr-MA,fr;q=0.9", ["Referer"]="https://www.linkedin.com/"}}),'
        for code in chance.choices(codes, weights, k=4096)
    ]
    script = folder / "requests.lua"
    script.write_text(
        "local made, at = nil, 0\n"
        "function init() made = {\n" + "\n".join(lines) + "\n} end\n"
        "function request() at = at % #made + 1; return made[at] end\n"
        "function done(summary, latency)\n"
        "  local e = summary.errors\n"
        "  io.write(string.format('FIGURES %f %f %d %d\\n', summary.requests / summary.duration * 1e6,\n"
        "    latency:percentile(99) / 1000, summary.requests, e.status + e.connect + e.read + e.write + e.timeout))\n"
        "end\n"
    )
    return script


def _median(runs: list[Round]) -> float:
    return statistics.median(one.per_second for one in runs)


def _print_table(rounds: dict[str, list[Round]]) -> None:
    reference = _median(rounds[REFERENCE])
    print(
        f"{'server':<24}{'requests/s':>11}{'lowest':>9}{'highest':>9}{'p99 ms':>8}{'CPU us':>8}{'of nginx':>10}"
    )
    for name, runs in rounds.items():
        rates = [one.per_second for one in runs]
        p99, processor = (statistics.median(one[field] for one in runs) for field in (1, 4))
        print(
            f"{name:<24}{_median(runs):>11,.0f}{min(rates):>9,.0f}{max(rates):>9,.0f}{p99:>8.2f}{processor:>8.1f}"
            f"{_median(runs) / reference:>10.2f}"
        )


def _summary(rounds: dict[str, list[Round]], ratio: float) -> dict[str, object]:
    return {
        "connections": CONNECTIONS,
        "requests_per_second": {name: round(_median(runs)) for name, runs in rounds.items()},
        "p99_ms": {
            name: round(statistics.median(r.p99_ms for r in runs), 2) for name, runs in rounds.items()
        },
        "processor_us": {
            n: round(statistics.median(r.processor_us for r in runs), 1) for n, runs in rounds.items()
        },
        "ratio": round(ratio, 3),
        "bar": BAR,
    }


if __name__ == "__main__":
    sys.exit(main())
