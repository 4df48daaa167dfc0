"""How fast a tracked link is answered and recorded, beside nginx doing `return 302` with its access log.

The servers alternate in rounds on the same machine, because only ratios within one run can be compared between machines;
a ratio is the median of the rounds' own. Others than nginx are measured in fewer rounds. Prints one table, then each bar
with whether it is met, then the machine and the figures as one line of JSON. Exits 1 when answers were wrong or the
front is below the gate, 2 when a tool is missing.

    python bench/redirect.py [--rounds 5] [--seconds 3] [--without-peers] [--write]
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from machine import keep, machine
from pages import write_part
from redirect_load import Round, run_load, write_scripts
from redirect_peers import make_peers, versions
from redirect_target import free_port, make_links, processor_seconds, serving

NGINX, PROCESS, POWER = "nginx return 302", "front, process", "front, power"
WSGI, DJANGO, PACKAGE = "granian, 1 thread", "Django view", "django-link-shortener"
GATE = 0.55  # of the requests per second of nginx at 32 connections: below it, the command fails
PEER_ROUNDS = 2


class Run(NamedTuple):
    """One server under one load: so many connections kept open, heads as browsers repeat them or never alike."""

    server: str
    connections: int
    is_alike: bool = True

    @property
    def label(self) -> str:
        return self.server if self.is_alike else f"{self.server}, heads never alike"

    @property
    def reference(self) -> "Run":
        """nginx under the same load."""
        return self._replace(server=NGINX)


MAIN, FULL, ALONE = Run(PROCESS, 32), Run(POWER, 256), Run(PROCESS, 1)
STRANGE = Run(PROCESS, 32, is_alike=False)
RUNS = (MAIN.reference, MAIN, FULL.reference, FULL, ALONE.reference, ALONE, STRANGE.reference, STRANGE)
PEERS = (Run(WSGI, 32), Run(DJANGO, 32), Run(PACKAGE, 32), Run(f"{PACKAGE}, bare", 32))
Rounds = dict[Run, list[Round]]


class Bar(NamedTuple):
    """What is promised, what was measured, and whether it is kept."""

    said: str
    measured: float
    is_met: bool


def main() -> int:
    options = _options()
    missing = [tool for tool in ("nginx", "wrk") if shutil.which(tool) is None]
    if missing:
        print(
            f"Missing: {' and '.join(missing)}. On Debian: apt-get install {' '.join(missing)}",
            file=sys.stderr,
        )
        return 2
    load = os.getloadavg()[0]
    rounds = _run(options.rounds, options.seconds, with_peers=not options.without_peers)
    bars = _bars(rounds)
    text = "\n".join([*_table(rounds), "", *_told(bars), "", _circumstances(rounds, load)])
    print(text)
    figures = {"gate": GATE, "ratio": bars[0].measured, "bars": [bar._asdict() for bar in bars]}
    figures["runs"] = [_summary(run, rounds) for run in rounds]
    print(json.dumps({"machine": machine(), **figures}))
    keep("redirect", figures)
    if options.write:
        write_part("performance.md", "redirect", text)
    wrong = sum(one.wrong for each in rounds.values() for one in each)
    return 0 if bars[0].measured >= options.gate and wrong == 0 else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--gate", type=float, default=GATE)
    parser.add_argument("--without-peers", action="store_true", help="nginx and the front alone")
    parser.add_argument("--write", action="store_true", help="writes into docs/run/performance.md")
    return parser.parse_args()


def _run(count: int, seconds: int, *, with_peers: bool) -> Rounds:
    rounds: Rounds = {run: [] for run in (*RUNS, *(PEERS if with_peers else ()))}
    with tempfile.TemporaryDirectory(prefix="portevoix-bench-") as name:
        folder = Path(name)
        codes = make_links(folder)
        if with_peers:
            make_peers(folder, codes)
        scripts = write_scripts(folder, codes)
        for number in range(count):
            for run, measured in rounds.items():
                if run not in PEERS or number < PEER_ROUNDS:
                    measured.append(_measure(run, folder, scripts[0 if run.is_alike else 1], seconds))
                    shutil.rmtree(folder / "clicks", ignore_errors=True)
                    (folder / "nginx-access.log").unlink(missing_ok=True)
    return rounds


def _measure(run: Run, folder: Path, script: Path, seconds: int) -> Round:
    port = free_port()
    with serving(run.server, folder, port) as server:
        run_load(port, script, 1, max(32, run.connections))  # every link has then been looked up
        before = processor_seconds(server)
        measured = run_load(port, script, seconds, run.connections)
        spent = processor_seconds(server) - before
        return measured._replace(processor_us=spent / max(1, measured.answers) * 1e6)


def _per_second(one: Round) -> float:
    return one.per_second


def _processor(one: Round) -> float:
    return one.processor_us


def _p50(one: Round) -> float:
    return one.p50_ms


def _p99(one: Round) -> float:
    return one.p99_ms


def _ratios(rounds: Rounds, run: Run, of: Callable[[Round], float], to: Run | None = None) -> list[float]:
    """One ratio for each round that both were measured in: to nginx, unless to another."""
    pairs = zip(rounds[run], rounds[to or run.reference], strict=False)
    return [of(ours) / of(theirs) for ours, theirs in pairs if of(theirs)]


def _ratio(rounds: Rounds, run: Run, of: Callable[[Round], float], to: Run | None = None) -> float:
    return round(statistics.median(_ratios(rounds, run, of, to)), 3)


def _median(rounds: Rounds, run: Run, of: Callable[[Round], float]) -> float:
    return statistics.median(of(one) for one in rounds[run])


def _bars(rounds: Rounds) -> list[Bar]:
    main, full = _ratio(rounds, MAIN, _per_second), _ratio(rounds, FULL, _per_second)
    p99, p99_ms = _ratio(rounds, MAIN, _p99), round(_median(rounds, MAIN, _p99), 2)
    processor, alone = _ratio(rounds, MAIN, _processor), _ratio(rounds, ALONE, _p50)
    strange, dear = _ratio(rounds, STRANGE, _per_second), _ratio(rounds, STRANGE, _processor)
    bars = [
        Bar("`process`, 32 connections: at least 0.65 of nginx's rate", main, main >= 0.65),
        Bar("`power`, 256 connections: at least 0.5 of nginx's rate", full, full >= 0.5),
        Bar("`process`, 32 connections: p99 at most 4 × nginx's", p99, p99 <= 4),
        Bar("`process`, 32 connections: p99 under 5 ms", p99_ms, p99_ms < 5),
        Bar(
            "`process`, 32 connections: processor per click at most 1.5 × nginx's",
            processor,
            processor <= 1.5,
        ),
        Bar("heads never alike, 32 connections: at least 0.68 of nginx's rate", strange, strange >= 0.68),
        Bar(
            "heads never alike, 32 connections: processor per click at most 1.5 × nginx's", dear, dear <= 1.5
        ),
        Bar("`process`, 1 connection: p50 at most 1.15 × nginx's", alone, alone <= 1.15),
    ]
    for peer in PEERS[1:3]:
        if rounds.get(peer):
            times = _ratio(rounds, MAIN, _per_second, peer)
            bars.append(Bar(f"at least 50 times the rate of: {peer.label}", times, times >= 50))
    return bars


def _table(rounds: Rounds) -> list[str]:
    return [
        "| server | connections | rounds | requests per second | lowest–highest | of nginx | p50 | p99 "
        "| processor per request | of nginx's |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(_row(run, rounds) for run in sorted(rounds, key=lambda run: (not run.is_alike, run.connections))),
    ]


def _row(run: Run, rounds: Rounds) -> str:
    rates = [one.per_second for one in rounds[run]]
    of_rate, of_processor = "", ""
    if run.server != NGINX:
        of_rate, of_processor = (
            f"{_ratio(rounds, run, _per_second):.3g}",
            f"{_ratio(rounds, run, _processor):.3g}",
        )
    return (
        f"| {run.label} | {run.connections} | {len(rates)} | {statistics.median(rates):,.0f} "
        f"| {min(rates):,.0f}–{max(rates):,.0f} | {of_rate} | {_median(rounds, run, _p50):.2f} ms "
        f"| {_median(rounds, run, _p99):.2f} ms | {_median(rounds, run, _processor):.1f} µs | {of_processor} |"
    )


def _told(bars: list[Bar]) -> list[str]:
    rows = (f"| {bar.said} | {bar.measured:.3g} | {'pass' if bar.is_met else '**miss**'} |" for bar in bars)
    return ["| bar | measured | |", "|---|---|---|", *rows]


def _circumstances(rounds: Rounds, load: float) -> str:
    peers = f" Peers: {versions()}." if rounds.keys() & set(PEERS[1:]) else ""
    return f"{machine()}; load average before it began: {load:.1f}.{peers}"


def _summary(run: Run, rounds: Rounds) -> dict[str, object]:
    return {
        **run._asdict(),
        "requests_per_second": [round(one.per_second) for one in rounds[run]],
        "p50_ms": round(_median(rounds, run, _p50), 3),
        "p99_ms": round(_median(rounds, run, _p99), 3),
        "processor_us": round(_median(rounds, run, _processor), 2),
    }


if __name__ == "__main__":
    sys.exit(main())
