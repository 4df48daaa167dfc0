"""A change of a link is told to whoever maps the same file."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from cast import Cast
from portevoix.links.actions import opening as actions
from portevoix.links.changes import RING, Changes


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(tmp_path)
    yield opened
    opened.close()


def test_change_is_seen_by_another_process(tmp_path: Path, told: Changes) -> None:
    word = (
        f"from portevoix.links.changes import Changes; Changes(__import__('pathlib').Path({str(tmp_path)!r}))"
    )

    subprocess.run([sys.executable, "-c", f"{word}.tell(['abc', 'xyz'])"], check=True)

    assert (told.counter[0], told.since(0)) == (2, (2, ["abc", "xyz"]))
    assert told.since(1) == (2, ["xyz"])
    assert told.since(2) == (2, [])


def test_who_is_left_behind_learns_that_anything_may_have_changed(told: Changes) -> None:
    for number in range(RING + 5):
        told.tell([f"c{number}"])

    assert told.since(4) == (RING + 5, None)
    assert told.since(RING + 3) == (RING + 5, [f"c{RING + 3}", f"c{RING + 4}"])


def test_more_changes_than_the_ring_holds_may_be_told_at_once(told: Changes) -> None:
    told.tell([f"c{number}" for number in range(3 * RING)])

    assert told.since(0) == (3 * RING, None)


def test_counter_that_went_back_means_anything(told: Changes) -> None:
    assert told.since(7) == (0, None)


@pytest.mark.django_db
def test_new_edited_and_withdrawn_links_are_told_once_committed(
    cast: Cast,
    now: datetime,
    told: Changes,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    monkeypatch.setattr(actions, "_changes", lambda var: told)
    page = "https://atlas.example/a"

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        link = actions.open_link(
            organisation=cast.atlas, destination=page, fallback=page, expires_at=None, now=now
        )
        before = told.counter[0]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        actions.retarget_links(links=[link], destination=page, expires_at=None, now=now)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        actions.withdraw_links(links=[link], now=now)
        actions.withdraw_links(links=[link], now=now)

    assert before == 0
    assert told.since(0) == (3, [link.code] * 3)
