"""A short form of `bench/crash.py`: workers are killed while they publish; nothing is doubled, lost or stuck."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import crash_check
import crash_stage
from crash_check import BREACHES

pytestmark = pytest.mark.django_db

PUBLISHES = 50
SEED = 20261124


@pytest.fixture(params=["embedded", "procrastinate"])
def stage(request: pytest.FixtureRequest) -> Iterator[crash_stage.Stage]:
    if request.param == "procrastinate" and connection.vendor != "postgresql":
        pytest.skip("Procrastinate lives on PostgreSQL: this runs in the suite's second pass")
    with crash_stage.staged(request.param, server()) as there:
        yield there


def server() -> str | None:
    """The server that the suite runs on; None on SQLite."""
    if connection.vendor != "postgresql":
        return None
    facts = connection.settings_dict
    secret = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
    return f"postgres://{facts['USER']}{secret}@{facts['HOST']}:{facts['PORT'] or '5432'}/postgres"


def played(stage: crash_stage.Stage, run: dict[str, Any]) -> dict[str, Any]:
    told = stage.play(run)
    if told["is_void"]:
        pytest.skip("This machine is too busy: the network of the run was later than any network may be")
    return told


def test_workers_killed_at_random_double_and_lose_nothing(stage: crash_stage.Stage) -> None:
    told = played(stage, crash_stage.random_run(SEED, PUBLISHES, workers=2))

    assert {breach: told[breach] for breach in BREACHES if told[breach]} == {}
    assert (told["publishes"], told["killed"] > 2, told["ended"]) == (PUBLISHES, True, 0)


def test_planted_fault_is_found(stage: crash_stage.Stage) -> None:
    fault = "takes_a_death_for_not_sent"

    told = played(stage, crash_stage.fault_run(SEED, fault, stage.faults[fault]))

    assert told["doubled"] > 0


@pytest.mark.parametrize(("begun", "hurried"), [(90, []), (130, ["b"]), (170, [])])
def test_request_that_begins_while_its_account_waits_is_found(begun: int, hurried: list[str]) -> None:
    """Post a was told at second 100 to wait until 160, and noted it at 102; post b of the same account began then."""
    journal = crash_check.Journal(*[defaultdict(list) for _part in range(3)], [], 0.0, 0.0, Counter())
    journal.waits.append(crash_check.Wait("a", "token", said=100, until=160))
    journal.by_token["token"] = [(100, "a"), (max(begun, 101), "b")]
    rows = {
        "a": _row(("sending", 99, ""), ("due", 102, "asked_to_wait")),
        "b": _row(("sending", begun, "")),
    }

    assert crash_check._hurried(journal, rows) == hurried


def _row(*steps: tuple[str, int, str]) -> crash_check.Row:
    history = [(state, datetime.fromtimestamp(at, UTC).isoformat(), why) for state, at, why in steps]
    return crash_check.Row("due", "planned", "", history)
