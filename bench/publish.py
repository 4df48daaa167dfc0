"""How fast posts go out: 10,000 that are due in the same minute, by the product's own worker processes.

A network that answers in 50 ms, in a process of its own on the same machine; each post is one request. The rows are made
in bulk (`planned_posts.py`), everything after that is the product: `portevoix worker`, with its engine, its looks, its
sign of life. Published is what the network's journal holds, a second at a time; afterwards every row must say so, and the
network must hold each post once. Exits 1 when it does not.

    python bench/publish.py [--shares 10000] [--threads 16] [--combination sqlite|postgres|procrastinate] [--write]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from crash_network import CALM, HOST, Played, play
from databases import COMBINATIONS, Combination, Rows, fresh_database, postgres_server
from machine import keep, machine
from pages import write_part

HERE = Path(__file__).parent
ANSWER_SECONDS = 0.05
LONGEST_SECONDS = 900.0
TICK = os.sysconf("SC_CLK_TCK")
Figures = dict[str, Any]


def main() -> int:
    """Measures each combination; 1 when a post is missing, or there twice."""
    options, server, load = _options(), postgres_server(), os.getloadavg()[0]
    rows = [
        _measure(one, server if one.on_postgres else None, options.shares, options.threads)
        for one in COMBINATIONS
        if options.combination in (None, one.key) and (server or not one.on_postgres)
    ]
    text = "\n".join([*_table(rows), "", f"{machine()}; load average before it began: {load:.1f}."])
    print(f"\n{text}")
    keep("publish", {"answer_seconds": ANSWER_SECONDS, "rows": rows})
    if options.write:
        write_part("performance.md", "publish", text)
    return 0 if all(row["is_right"] for row in rows) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shares", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=16, help="PORTEVOIX_WORKER_THREADS")
    parser.add_argument("--combination", choices=[one.key for one in COMBINATIONS])
    parser.add_argument("--write", action="store_true", help="writes into docs/run/performance.md")
    return parser.parse_args()


def _measure(one: Combination, server: str | None, shares: int, threads: int) -> Figures:
    """One combination on a fresh database, from its rows to its figures."""
    with tempfile.TemporaryDirectory(prefix="portevoix-publish-") as name:
        folder = Path(name)
        with (
            fresh_database(folder, server) as url,
            _network(folder / "journal.jsonl") as network,
        ):
            environ = _environment(one, folder, url, network.port, threads)
            made = _make_rows(environ, shares)
            with _workers(one.workers, environ, folder / "log.txt") as workers:
                watched = _watch(folder / "journal.jsonl", shares + 1, workers, Path(url).name)
            row = {
                "combination": one.label,
                "workers": one.workers,
                "threads": threads,
                "shares": shares,
                **made,
                **watched,
                "is_right": _is_right(url, folder / "journal.jsonl", shares + 1),
            }
    print(_row(row), file=sys.stderr, flush=True)
    return row


@contextmanager
def _network(journal: Path) -> Iterator[Played]:
    played = play(replace(CALM, answer_seconds=(ANSWER_SECONDS, ANSWER_SECONDS)), journal)
    try:
        yield played
    finally:
        played.end()


def _environment(one: Combination, folder: Path, url: str, port: int, threads: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portevoix.settings",
        "DATABASE_URL": url,
        "PORTEVOIX_ENGINE": one.engine,
        "PORTEVOIX_WORKER_THREADS": str(threads),
        "PORTEVOIX_STAND_INS": f"{HOST}=127.0.0.1:{port}",
        "PORTEVOIX_VAR": str(folder),
        "PORTEVOIX_DEBUG": "no",
        "PORTEVOIX_PARENT": str(os.getpid()),  # a worker ends when whoever started it does
    }


def _make_rows(environ: dict[str, str], shares: int) -> Figures:
    command = [sys.executable, str(HERE / "publish_rows.py"), str(shares)]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True, timeout=600)
    told = json.loads(done.stdout)
    return {"rows_seconds": round(told["seconds"], 1), "queries": told["queries"]}


@contextmanager
def _workers(count: int, environ: dict[str, str], log: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    with log.open("ab") as printed:
        command = [sys.executable, "-m", "portevoix", "worker"]
        workers = [
            subprocess.Popen(command, env=environ, stdout=printed, stderr=printed) for _ in range(count)
        ]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            try:
                worker.wait(15)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait(10)


# --- watching ------------------------------------------------------------------------------------------------------
def _watch(journal: Path, count: int, workers: Sequence["subprocess.Popen[bytes]"], database: str) -> Figures:
    """Until the network holds as many posts, or the time is over: when each came, and what processes took meanwhile."""
    moments: list[float] = []
    server: dict[int, float] = {}
    until, pids = time.monotonic() + LONGEST_SECONDS, [worker.pid for worker in workers]

    def taken() -> tuple[float, float]:
        return sum(_cpu_seconds(pid) for pid in pids), sum(_server_cpu(database, server).values())

    began = taken()
    with journal.open() as lines:
        _read_moments(lines)  # the one that was published before
        while len(moments) < count - 1 and time.monotonic() < until:
            time.sleep(0.25)
            if not moments:
                began = taken()
            moments += _read_moments(lines)
            _server_cpu(database, server)
            if any(worker.poll() is not None for worker in workers):
                raise RuntimeError("A worker ended by itself.")
    time.sleep(1.0)  # the last rows are written
    cpu, server_cpu = (end - start for start, end in zip(began, taken(), strict=True))
    return _figures(moments, cpu, server_cpu, [_memory(pid) for pid in pids])


def _read_moments(lines: Any) -> list[float]:
    facts = (json.loads(line) for line in lines.readlines())
    return [fact["at"] for fact in facts if fact["what"] == "done"]


def _figures(moments: list[float], cpu: float, server: float, memory: Sequence[Figures]) -> Figures:
    first, last = moments[0], moments[-1]
    per_second = Counter(int(at - first) for at in moments)
    windows = [per_second[second] for second in range(int(last - first))] or [len(moments)]
    return {
        "published": len(moments),
        "seconds": round(last - first, 1),
        "per_second": round(len(moments) / max(0.001, last - first), 1),
        "median_second": statistics.median(windows),
        "slowest_second": min(windows),
        "fastest_second": max(windows),
        "cpu_ms": round(1_000 * cpu / len(moments), 1),
        "server_cpu_ms": round(1_000 * server / len(moments), 1),
        "memory_peak_mb": max(one["VmHWM"] for one in memory) // 1024,
        "memory_mb": max(one["VmRSS"] for one in memory) // 1024,
    }


def _cpu_seconds(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICK


def _server_cpu(database: str, known: dict[int, float]) -> dict[int, float]:
    """Seconds that PostgreSQL's processes for that database took, those that ended meanwhile as they were last seen."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                title = (folder / "cmdline").read_bytes()
                if title.startswith(b"postgres:") and database.encode() in title:
                    known[int(folder.name)] = _cpu_seconds(int(folder.name))
            except OSError:
                continue
    return known


def _memory(pid: int) -> Figures:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    told = dict(line.split(":", 1) for line in lines)
    return {name: int(told[name].split()[0]) for name in ("VmHWM", "VmRSS")}


def _is_right(url: str, journal: Path, count: int) -> bool:
    """Whether every row says published, and the network holds each post once."""
    states = dict(Rows(url).fetch("select state, count(*) from sharing_post group by state"))
    facts = [json.loads(line) for line in journal.read_text().splitlines()]
    links = Counter(fact["link"] for fact in facts if fact["what"] == "done")
    if states == {"published": count} and len(links) == count and set(links.values()) == {1}:
        return True
    print(f"Rows: {states}; on the network {len(links)}, {links.most_common(1)}", file=sys.stderr)
    return False


# --- telling -------------------------------------------------------------------------------------------------------
def _table(rows: Sequence[Figures]) -> Iterator[str]:
    yield (
        "| engine, database | worker processes × threads | shares | published a second, median (overall) |"
        " slowest–fastest second | processor a post: workers, server | cores busy with both | statements a post |"
        " memory of a worker: peak, at the end |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    yield from (_row(row) for row in rows)


def _row(row: Figures) -> str:
    server = f", {row['server_cpu_ms']:.1f} ms" if row["server_cpu_ms"] else ", –"
    cores = (row["cpu_ms"] + row["server_cpu_ms"]) * row["per_second"] / 1_000
    return (
        f"| {row['combination']} | {row['workers']} × {row['threads']} | {row['shares']:,} "
        f"| {row['median_second']:.0f} ({row['per_second']:.0f}) "
        f"| {row['slowest_second']}–{row['fastest_second']} | {row['cpu_ms']:.1f} ms{server} "
        f"| {cores:.1f} of {os.cpu_count()} | {row['queries']} "
        f"| {row['memory_peak_mb']} MB, {row['memory_mb']} MB |"
    )


if __name__ == "__main__":
    sys.exit(main())
