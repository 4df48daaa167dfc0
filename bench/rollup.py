"""From raw clicks to figures: how fast, how late, killed at any moment, and how figures open when there are very many.

    python bench/rollup.py speed            the judge and the count, a commit for each 1,000 clicks judged
    python bench/rollup.py lag              behind the front at full speed on the same cores
    python bench/rollup.py kill             the worker killed with SIGKILL nine times while clicks come in
    python bench/rollup.py size --clicks 1000000 10000000 100000000    (the last takes about an hour on each database)
    python bench/rollup.py                  all of it but the hundred million

With --keep FOLDER, databases of `size` stay there (those of PostgreSQL on its server) and are asked again the next time,
not counted again. With --write, what was found goes into docs/run/performance.md.

Bars: 95,000 clicks a second and core; one second late at most; nothing lost nor counted twice; each of the three
questions of a dashboard under 50 ms at the 95th percentile, whatever the days, on SQLite and on PostgreSQL.
Exits 1 when one is missed. Parts run in processes of their own, because settings are read once.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from databases import fresh_database, postgres_server, standing_database
from machine import keep, machine
from pages import write_part

HERE = Path(__file__).resolve().parent
SPEED_BAR = 95_000
LAG_BAR_SECONDS = 1.0
QUESTION_BAR_MS = 50.0
SIZES = (1_000_000, 10_000_000)
LABELS = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
Figures = dict[str, Any]


def main() -> int:
    options = _options()
    parts = options.parts or ["speed", "lag", "kill", "size"]
    print(machine())
    met = [_run(part, options) for part in parts]
    return 0 if all(met) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=["speed", "lag", "kill", "size"])
    parser.add_argument("--clicks", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--write", action="store_true", help="into docs/run/performance.md")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--keep", type=Path, help="where the databases of `size` stay")
    return parser.parse_args()


def _run(part: str, options: argparse.Namespace) -> bool:
    load = os.getloadavg()[0]
    servers: dict[str, str | None] = {"sqlite": None, "postgres": postgres_server()}
    if servers["postgres"] is None:
        print("PostgreSQL is not reachable: measured on SQLite alone.", file=sys.stderr)
        del servers["postgres"]
    if part in ("lag", "kill"):
        servers.pop("postgres", None)  # one machine, as most are
    figures: dict[str, list[Figures]] = {}
    sentences, met = [], True
    for name, server in servers.items():
        if options.only not in (None, name):
            continue
        figures[name] = []
        for size in options.clicks if part == "size" else [options.seconds]:
            run = _child(part, server, size, options.keep if part == "size" else None)
            figures[name].append(run)
            sentence, good = _told(part, run)
            met &= good
            sentences.append(f"- {LABELS[name]}: {sentence}{'' if good else '. **Missed.**'}")
            print(sentences[-1], flush=True)
    keep(f"rollup-{part}", dict(figures))
    if options.write:
        ends = f"{machine()}; load average before it began: {load:.1f}."
        write_part("performance.md", f"rollup {part}", "\n".join([*sentences, "", ends]))
    return met


def _child(part: str, server: str | None, size: int, kept: Path | None) -> Figures:
    """The figures of one part, from a process of its own."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="portevoix-bench-") as name:
            folder = Path(name)
            with fresh_database(folder, server) as url:
                return _figures(part, size, folder, url)
    kept.mkdir(parents=True, exist_ok=True)
    return _figures(part, size, kept, standing_database(kept, server, f"portevoix_town_{size}"))


def _figures(part: str, size: int, folder: Path, url: str) -> Figures:
    environ = {
        **os.environ,
        "PORTEVOIX_VAR": str(folder),
        "DATABASE_URL": url,
        "PORTEVOIX_DEBUG": "no",
        "DJANGO_SETTINGS_MODULE": "portevoix.settings",
    }
    command = [sys.executable, str(HERE / "rollup_part.py"), part, str(size)]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def _told(part: str, run: Figures) -> tuple[str, bool]:
    """The sentence that says what was found, and whether the bar is met."""
    return {"speed": _speed, "lag": _lag, "kill": _kill, "size": _size}[part](run)


def _speed(run: Figures) -> tuple[str, bool]:
    each = f"judged {run['judge_us']:.2f} µs, counted {run['count_us']:.2f} µs of processor a click"
    sentence = (
        f"{run['per_core']:,.0f} clicks a second and core ({each}; {run['rounds']} rounds: {run['spread']})"
    )
    # PostgreSQL's own processor time is the server's, and not in this figure: it is told, not judged.
    return sentence, run["on_server"] or run["per_core"] >= SPEED_BAR


def _lag(run: Figures) -> tuple[str, bool]:
    good = run["worst_seconds"] <= LAG_BAR_SECONDS and run["counted"] == run["recorded"] >= run["answered"]
    return (
        f"{run['per_second']:,.0f} clicks a second answered, recorded and counted; late by {run['median_seconds']:.2f} s"
        f" (median), {run['worst_seconds']:.2f} s (worst); {run['answered']:,} answered, {run['recorded']:,} recorded,"
        f" {run['counted']:,} counted"
    ), good


def _kill(run: Figures) -> tuple[str, bool]:
    good = run["recorded"] == run["counted"] and run["kills"] == 9
    return f"killed {run['kills']} times: {run['recorded']:,} recorded, {run['counted']:,} counted", good


def _size(run: Figures) -> tuple[str, bool]:
    questions = ", ".join(
        f"{name} {one['p50']:.1f}/{one['p95']:.1f} ms" for name, one in run["questions"].items()
    )
    good = all(one["p95"] <= QUESTION_BAR_MS for one in run["questions"].values())
    return (
        f"{run['clicks']:>12,} clicks: {questions} (p50/p95); {run['rows']:,} rows, {run['bytes'] / 1e6:,.0f} MB;"
        f" counted in {run['seconds']:,.0f} s, {run['memory_mb']:,.0f} MB of memory"
    ), good


if __name__ == "__main__":
    sys.exit(main())
