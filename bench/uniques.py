"""Unique visitors from sketches against the exact count of the same visitors, in 1,000 trials of each kind of union.

Bar: the stated interval holds the exact count in at least 95 % of the trials of every row. Exits with 1 otherwise.
python bench/uniques.py [--trials 1000] [--write]
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy
from machine import keep, machine
from pages import write_part

from portevoix.analytics import sketches

BAR = 0.95


@dataclass(frozen=True)
class Case:
    """A union of so many sketches, each of so many visits, drawn from a crowd of so many different people."""

    sketches: int
    visits: int
    crowd: int


@dataclass(frozen=True)
class Trial:
    """One union beside the truth."""

    exact: int
    error: float  # of the estimate, relative
    half_width: float  # of the interval, relative
    is_held: bool


CASES = (
    Case(1, 300, 300),
    Case(1, 1_000, 2_000),
    Case(1, 20_000, 50_000),
    Case(1, 100_000, 1_000_000),
    Case(10, 30, 400),
    Case(10, 500, 600),
    Case(10, 500, 10_000),
    Case(10, 5_000, 20_000),
    Case(10, 10_000, 200_000),
    Case(1_000, 5, 4_000),
    Case(1_000, 50, 600),
    Case(1_000, 50, 20_000),
    Case(1_000, 500, 200_000),
)


HEAD = (
    "| sketches | visits in each | people | within the interval | interval | error: median | 95 % under |",
    "|---|---|---|---|---|---|---|",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1_000)
    parser.add_argument("--write", action="store_true", help="write the table into docs/run/performance.md")
    asked = parser.parse_args()
    begun, lines, held = time.perf_counter(), list(HEAD), []
    print("\n".join(HEAD))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for case in CASES:
            trials = list(pool.map(partial(tried, case), range(asked.trials), chunksize=10))
            held.append(sum(trial.is_held for trial in trials) / len(trials))
            lines.append(row(case, trials))
            print(lines[-1], flush=True)
    said = f"{asked.trials:,} trials a row. {speed()}"
    print(f"\n{said}\n{machine()}; {time.perf_counter() - begun:.0f} s")
    if asked.write:
        write_part("performance.md", "uniques", "\n".join([*lines, "", said]))
    keep("uniques", {"trials": asked.trials, "held": held})
    return 0 if min(held) >= BAR else 1


def tried(case: Case, seed: int) -> Trial:
    """One union, and the exact count of the people in it."""
    chance = numpy.random.default_rng([seed, case.sketches, case.visits, case.crowd])
    people = chance.integers(0, 2**64, case.crowd, dtype=numpy.uint64)
    came = numpy.zeros(case.crowd, bool)
    told = sketches.estimate(sketches.union(list(sketched(case, people, came, chance))))
    exact = int(numpy.count_nonzero(came))
    return Trial(
        exact, abs(told.estimate - exact) / exact, (told.high - told.low) / 2 / exact, told.holds(exact)
    )


def sketched(
    case: Case, people: "numpy.ndarray", came: "numpy.ndarray", chance: numpy.random.Generator
) -> Iterator[bytes]:
    """The sketches one by one; `came` marks whoever is in one."""
    for _ in range(case.sketches):
        picked = chance.integers(0, case.crowd, case.visits)
        came[picked] = True
        yield sketches.sketch_of(people[picked])


def row(case: Case, trials: list[Trial]) -> str:
    """The row of a case."""
    held = sum(trial.is_held for trial in trials) / len(trials)
    errors = sorted(trial.error for trial in trials)
    return (
        f"| {case.sketches:,} | {case.visits:,} | {round(mean(t.exact for t in trials)):,} | {held:.1%} | "
        f"± {mean(t.half_width for t in trials):.1%} | {errors[len(errors) // 2]:.2%} | "
        f"{errors[int(len(errors) * 0.95)]:.2%} |"
    )


def mean(values: Iterator[float]) -> float:
    known = list(values)
    return sum(known) / len(known)


def speed() -> str:
    """What the operations take, and the bytes of a sketch, in a sentence."""
    visitors = numpy.random.default_rng(1).integers(0, 2**64, 1_000_000, dtype=numpy.uint64)
    begun = time.perf_counter()
    sketches.sketch_of(visitors)
    update = (time.perf_counter() - begun) * 1e9 / len(visitors)
    many = [sketches.sketch_of(visitors[n : n + 2_000]) for n in range(0, 1_000_000, 1_000)]
    begun = time.perf_counter()
    sketches.union(many)
    united = (time.perf_counter() - begun) * 1e6 / len(many)
    sizes = (1, 3, 10, 100, 1_000, 100_000)
    sketched = ", ".join(f"{size:,}: {len(sketches.sketch_of(visitors[:size])):,}" for size in sizes)
    return f"A visitor added: {update:.0f} ns; a sketch read and united: {united:.1f} µs. Bytes by visitors: {sketched}."


if __name__ == "__main__":
    sys.exit(main())
