"""A short form of `bench/crash.py`: workers are killed while they publish; nothing is doubled, lost or stuck."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

sys.path.append(str(Path(__file__).parents[2] / "bench"))

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
