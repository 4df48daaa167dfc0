"""How fast a tracked link is answered and recorded, beside nginx doing `return 302` with its access log.

The servers alternate in rounds on the same machine, at 32 and at 256 connections, because only the ratio within one run
can be compared between machines. Prints one table for each number of connections, then the machine and the figures as
one line of JSON. Exits 1 below the bar, 2 when a tool is missing.
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
from redirect_target import AGENTS, free_port, make_links, processor_seconds, serving

REFERENCE = "nginx return 302"
MEASURED = "front, process"
BAR = 0.55  # of the requests per second of nginx, at the fewer connections
# Which servers are measured with how many connections kept open.
RUNS = {
    32: (REFERENCE, MEASURED, "front, power", "granian, 1 thread"),
    256: (REFERENCE, MEASURED, "front, power"),
}
REFERRERS = (
    "https://www.linkedin.com/",
    "https://lnkd.in/",
    "https://x.com/",
    "android-app://com.linkedin.android/",
    "",
)
LANGUAGES = ("fr-MA,fr;q=0.9", "ar-MA,ar;q=0.9,fr;q=0.8", "en-GB,en;q=0.9", "fr-FR,fr;q=0.9,en;q=0.8")


class Round(NamedTuple):
    """One run of the generator. Processor time hardly moves when others keep the machine busy; the rate does."""

    per_second: float
    p50_ms: float
    p99_ms: float
    answers: int
    wrong: int
    processor_us: float


Rounds = dict[str, list[Round]]


def main() -> int:
    options = _options()
    missing = [tool for tool in ("nginx", "wrk") if shutil.which(tool) is None]
    if missing:
        print(
            f"Missing: {' and '.join(missing)}. On Debian: apt-get install {' '.join(missing)}",
            file=sys.stderr,
        )
        return 2
    runs = _run(options.rounds, options.seconds)
    ratio = 0.0
    for connections, rounds in runs.items():
        print(f"{connections} connections")
        _print_table(rounds)
        ratio = ratio or _median(rounds[MEASURED]) / _median(rounds[REFERENCE])
    figures = {
        "bar": BAR,
        "ratio": round(ratio, 3),
        **{str(many): _summary(one) for many, one in runs.items()},
    }
    print(json.dumps({"machine": machine(), **figures}))
    keep("redirect", figures)
    wrong = sum(one.wrong for rounds in runs.values() for each in rounds.values() for one in each)
    return 0 if ratio >= options.bar and wrong == 0 else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--bar", type=float, default=BAR)
    return parser.parse_args()


def _run(count: int, seconds: int) -> dict[int, Rounds]:
    runs: dict[int, Rounds] = {many: {name: [] for name in names} for many, names in RUNS.items()}
    with tempfile.TemporaryDirectory(prefix="portevoix-bench-") as folder:
        script = _requests(Path(folder), make_links(Path(folder)))
        for _ in range(count):
            for connections, rounds in runs.items():
                for name, measured in rounds.items():
                    measured.append(_measure(name, Path(folder), script, seconds, connections))
                    shutil.rmtree(Path(folder) / "clicks", ignore_errors=True)
    return runs


def _measure(name: str, folder: Path, script: Path, seconds: int, connections: int) -> Round:
    port = free_port()
    with serving(name, folder, port) as server:
        _load(port, script, 1, connections)
        before = processor_seconds(server)
        run = _load(port, script, seconds, connections)
        spent = processor_seconds(server) - before
        return run._replace(processor_us=spent / max(1, run.answers) * 1e6)


def _load(port: int, script: Path, seconds: int, connections: int) -> Round:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)]
    report = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"FIGURES (\S+) (\S+) (\S+) (\d+) (\d+)", report)
    if found is None:
        raise SystemExit(f"wrk said nothing that can be read:\n{report}")
    return Round(float(found[1]), float(found[2]), float(found[3]), int(found[4]), int(found[5]), 0.0)


def _requests(folder: Path, codes: list[str]) -> Path:
    """A script for wrk: 4,096 requests made beforehand, a few links far more popular than the others."""
    chance = random.Random(2)
    weights = [1 / (rank + 1) for rank in range(len(codes))]
    lines = [
        f'  wrk.format("GET", "/r/{code}", {{["User-Agent"]="{chance.choice(AGENTS)}",'
        f' ["Accept-Language"]="{chance.choice(LANGUAGES)}", ["Referer"]="{chance.choice(REFERRERS)}"}}),'
        for code in chance.choices(codes, weights, k=4096)
    ]
    script = folder / "requests.lua"
    script.write_text(
        "local made, at = nil, 0\n"
        "function init() made = {\n" + "\n".join(lines) + "\n} end\n"
        "function request() at = at % #made + 1; return made[at] end\n"
        "function done(summary, latency)\n"
        "  local e = summary.errors\n"
        "  io.write(string.format('FIGURES %f %f %f %d %d\\n', summary.requests / summary.duration * 1e6,\n"
        "    latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests,\n"
        "    e.status + e.connect + e.read + e.write + e.timeout))\n"
        "end\n"
    )
    return script


def _median(runs: list[Round]) -> float:
    return statistics.median(one.per_second for one in runs)


def _print_table(rounds: Rounds) -> None:
    reference = _median(rounds[REFERENCE])
    print(
        f"{'server':<24}{'requests/s':>11}{'lowest':>9}{'highest':>9}{'p50 ms':>8}{'p99 ms':>8}{'CPU us':>8}"
        f"{'of nginx':>10}"
    )
    for name, runs in rounds.items():
        rates = [one.per_second for one in runs]
        p50, p99, processor = (statistics.median(one[field] for one in runs) for field in (1, 2, 5))
        print(
            f"{name:<24}{_median(runs):>11,.0f}{min(rates):>9,.0f}{max(rates):>9,.0f}{p50:>8.2f}{p99:>8.2f}"
            f"{processor:>8.1f}{_median(runs) / reference:>10.2f}"
        )


def _summary(rounds: Rounds) -> dict[str, object]:
    reference = _median(rounds[REFERENCE])
    return {
        name: {
            "requests_per_second": round(_median(runs)),
            "of_nginx": round(_median(runs) / reference, 3),
            "p50_ms": round(statistics.median(r.p50_ms for r in runs), 2),
            "p99_ms": round(statistics.median(r.p99_ms for r in runs), 2),
            "processor_us": round(statistics.median(r.processor_us for r in runs), 1),
        }
        for name, runs in rounds.items()
    }


if __name__ == "__main__":
    sys.exit(main())
