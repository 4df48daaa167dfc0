"""A share ends published, refused with the reason, or shown as unknown; never twice, never lost, whatever crashes.

More than 3,000 publishes to a network that fails before and after doing what it was asked, hangs, does things late and
now and then asks to wait (`crash_network.py`), by workers that are killed with SIGKILL several times a second, then at
every point of a publish, then put to sleep there for longer than their lease (`crash_points.py`). What is left behind is
judged by the network's journal and the rows (`crash_check.py`). The same harness must find faults that are planted on
purpose (`crash_faults.py`). Exits 1 when a promise is broken, a point was never come to, or a planted fault not found.

**Time.** Workers live in a clock that runs 60 times as fast, so that the settings of the product hold as they are: the
lease of 150 s is 2.5 s of real time, the grace of 120 s is 2 s. What is real stays real and fits inside: a request has
0.25 s (15 s of the fast clock; the deadline of a request runs on the real monotonic clock), the network does late things
up to 0.5 s after a request came. Grace must outlast both: 0.25 + 0.5 = 0.75 s < 2 s, and a sleep must outlast a lease:
3.25 s > 2.5 s. The network measures how late it really was; a run in which a busy machine made it later than the grace
allows (2 − 0.25 s) proves nothing: it is played once more, then said to be void.

    python bench/crash.py [--publishes 1000] [--seed 1] [--combination sqlite|postgres|procrastinate] [--write]
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from crash_check import BREACHES, LONGEST_MINUTES
from crash_stage import (
    Stage,
    Told,
    deaths_run,
    fault_run,
    meetings_run,
    random_run,
    sleeps_run,
    staged,
)
from databases import COMBINATIONS, Combination, postgres_server
from machine import keep, machine
from pages import write_part

LOST = ("lost", "denied")
ELSE = ("asked", "early", "hurried", "unannounced", "contradicted", "disordered")
DEATHS_AT_EACH, SLEEPS_AT_EACH, MEETINGS = 8, 2, 8


def main() -> int:
    """Plays every run, prints the tables; 1 when a promise was broken or a planted fault was not found."""
    options, began, server = _options(), time.monotonic(), postgres_server()
    runs: list[Told] = []
    faults: list[Told] = []
    for one in COMBINATIONS:
        if options.combination in (None, one.key) and (server or not one.on_postgres):
            with staged(one.engine, server if one.on_postgres else None) as stage:
                runs += [_played(stage, run, one.label) for run in _runs(stage, options, one)]
                # A fault is one of the steps, which are the same whoever calls them: once is enough.
                faults = faults or list(_faults(stage, options.seed, one.label))
    text = "\n".join([*_runs_told(runs), "", *_sum(runs), "", *_faults_told(faults)])
    minutes = (time.monotonic() - began) / 60
    print(f"\n{machine()}, {minutes:.0f} minutes\n\n{text}\n")
    keep("crash", {"minutes": minutes, "runs": runs, "faults": faults})
    if options.write:
        day = f"{datetime.now(UTC):%-d %B %Y}"
        write_part(
            "reliability.md", "crash", f"{text}\n\n{machine()}; {minutes:.0f} minutes. Taken on {day}."
        )
    return _ending(runs, faults)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--publishes", type=int, default=1_000, help="with kills at random, each combination")
    parser.add_argument("--combination", choices=[one.key for one in COMBINATIONS])
    parser.add_argument("--write", action="store_true", help="writes into docs/run/reliability.md")
    return parser.parse_args()


def _runs(stage: Stage, options: argparse.Namespace, one: Combination) -> Iterator[Told]:
    yield random_run(options.seed, options.publishes, one.workers)
    yield deaths_run(options.seed + 1, stage.points, DEATHS_AT_EACH)
    # Who sleeps in the middle of a transaction has the whole SQLite file sleep: nobody could take anything over.
    points = [point for point in stage.points if one.on_postgres or "not committed" not in point]
    yield sleeps_run(options.seed + 2, points, SLEEPS_AT_EACH)
    yield meetings_run(options.seed + 3, stage.meeting, MEETINGS)


def _faults(stage: Stage, seed: int, label: str) -> Iterator[Told]:
    for place, (name, facts) in enumerate(stage.faults.items()):
        told = _played(stage, fault_run(seed + 100 + place, name, facts), label)
        found = {breach: told[breach] for breach in facts["found_as"] if told[breach]}
        yield {"says": facts["says"], "found": found, **told}


def _played(stage: Stage, run: Told, label: str) -> Told:
    """Plays a run, and says at once how it ended: the whole takes minutes."""
    told = {"combination": label, **stage.play(run)}
    broken = ", ".join(f"{told[breach]} {breach}" for breach in BREACHES if told[breach]) or "clean"
    print(f"{label}: {run['name']}, {told['publishes']} publishes: {broken}", file=sys.stderr, flush=True)
    return told


# --- tables --------------------------------------------------------------------------------------------------------
def _runs_told(runs: Sequence[Told]) -> Iterator[str]:
    yield (
        "| engine, database | its workers are | seed | publishes | deaths, sleeps | unclear answers | cut short |"
        " doubled | lost | stuck | anything else | longest, p99 (minutes) |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|"
    for told in runs:
        counts = [sum(told[breach] for breach in kind) for kind in (("doubled",), LOST, ("stuck",), ELSE)]
        yield (
            f"| {told['combination']} | {told['run']['name']} | {told['run']['seed']} | {told['publishes']:,} "
            f"| {told['killed'] + told['slept']} | {told['unclear']} | {told['interrupted']} "
            f"| {' | '.join(str(count) for count in counts)} "
            f"| {told['longest_minutes']:.1f}, {told['p99_minutes']:.1f} |"
        )


def _sum(runs: Sequence[Told]) -> Iterator[str]:
    """The whole in words, with what so many trials can prove."""
    publishes, asked = sum(told["publishes"] for told in runs), sum(told["needs_person"] for told in runs)
    broken = sum(told[breach] for told in runs for breach in ("doubled", *LOST))
    yield (
        f"{publishes:,} publishes, {sum(told['killed'] for told in runs):,} × SIGKILL, "
        f"{sum(told['slept'] for told in runs)} × SIGSTOP; "
        f"{sum(told['requests'] for told in runs):,} requests, of which the network left "
        f"{_share(runs, ('before', 'after', 'hang')):.0%} unclear and answered {_share(runs, ('wait',)):.0%} with a "
        f"request to wait. Left to the person: {asked}."
    )
    yield (
        f"**{broken} doubled or lost.**"
        if broken
        else f"0 of {publishes:,} doubled or lost: with 95 % confidence fewer than {3 / publishes:.2%} "
        f"(rule of three: 3 / {publishes:,})."
    )


def _share(runs: Sequence[Told], ways: Sequence[str]) -> float:
    asked = sum(sum(told["ways"].values()) for told in runs)
    return sum(told["ways"].get(way, 0) for told in runs for way in ways) / max(1, asked)


def _faults_told(faults: Sequence[Told]) -> Iterator[str]:
    yield "| planted fault | seed | publishes | found as |"
    yield "|---|---|---|---|"
    for told in faults:
        found = ", ".join(f"{count} {breach}" for breach, count in told["found"].items()) or "**not found**"
        yield f"| {told['says']} | {told['run']['seed']} | {told['publishes']} | {found} |"
    yield f"\nFound: {sum(bool(told['found']) for told in faults)} of {len(faults)}."


def _ending(runs: Sequence[Told], faults: Sequence[Told]) -> int:
    wrong = [f"{told['combination']}, {told['run']['name']}: {why}" for told in runs for why in _wrong(told)]
    wrong += [f"Planted and not found: {told['says']}." for told in faults if not told["found"]]
    print("\n".join(wrong))
    met = "MISSED" if wrong else "met"
    print(f"Bar: nothing doubled, lost, or stuck beyond {LONGEST_MINUTES:.0f} minutes: {met}.")
    return 1 if wrong else 0


def _wrong(told: Told) -> Iterator[str]:
    """What a run broke, or failed to prove."""
    for breach, says in BREACHES.items():
        if told[breach]:
            yield f"{told[breach]} {breach} ({says}), such as {', '.join(told['examples'][breach])}"
    if told["is_void"]:
        yield "void, the machine was too busy"
    if told["ended"]:
        yield f"{told['ended']} workers ended by themselves"
    for point in told["run"]["points"]:
        if not told["reached"][point]:
            yield f"no worker ever came to: {point}"


if __name__ == "__main__":
    sys.exit(main())
