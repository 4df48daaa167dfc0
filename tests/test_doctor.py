"""What the doctor says of keys, workers and interfaces that end."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from cast import Cast
from portevoix import doctor, env
from portevoix.core import sealing
from portevoix.core.engines import signs
from portevoix.doctor import Finding, Level
from portevoix.sharing.models import NetworkSetting


@pytest.fixture
def environment(settings: Any, tmp_path: Path) -> env.Environment:
    settings.SEALING_KEYS, settings.SEALING_KEYS_FILE = "", tmp_path / "sealing.keys"
    return env.read({"PORTEVOIX_VAR": str(tmp_path), "PORTEVOIX_SECRET_KEY": "s" * 50})


def found(environment: env.Environment, subject: str) -> list[Finding]:
    return [finding for finding in doctor.examine(environment) if finding.subject == subject]


def test_sealing_keys_are_made_and_good(db: None, environment: env.Environment) -> None:
    (finding,) = found(environment, "Sealing keys")

    assert finding.level == Level.GOOD


def test_sealing_keys_that_others_can_read_are_unsafe(db: None, environment: env.Environment) -> None:
    sealing.ring()
    os.chmod(environment.sealing_keys_file, 0o644)

    (finding,) = found(environment, "Sealing keys")

    assert (finding.level, finding.remedy) == (
        Level.UNSAFE,
        f"chmod 600 {environment.sealing_keys_file}",
    )


def test_sealing_keys_that_are_damaged_are_said(db: None, environment: env.Environment) -> None:
    environment.sealing_keys_file.write_text("k1=short\n")

    (finding,) = found(environment, "Sealing keys")

    assert finding.level == Level.UNSAFE


def test_worker_that_is_missing_is_a_note_and_one_that_lives_is_good(
    db: None, environment: env.Environment
) -> None:
    assert found(environment, "Work")[0].level == Level.NOTE

    signs.Sign("embedded").show()

    assert found(environment, "Work")[0].level == Level.GOOD


def test_interface_that_ends_is_noted_where_it_is_used(
    cast: Cast, environment: env.Environment, now: datetime
) -> None:
    row = NetworkSetting(organisation=cast.atlas, network="linkedin", is_on=True, changed_at=now)
    row.client_id, row.sealed = "c", row.seal({"client_id": "c", "client_secret": "s"})
    row.save()

    assert found(environment, "LinkedIn") == []
    with time_machine.travel(datetime(2027, 8, 1, tzinfo=now.tzinfo) + timedelta(days=1)):
        (finding,) = found(environment, "LinkedIn")
    assert "202609" in finding.sentence
