"""Join, pause, leave: one tap, no reason, nobody told."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core import mail

from cast import Cast
from portevoix.core import events
from portevoix.core.errors import Refusal
from portevoix.people.actions.participation import join_programme, leave_programme, pause_programme
from portevoix.people.events import PersonJoined, PersonLeft, PersonPaused
from portevoix.people.models import Participation


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[events.Event]:
    """Every event that happens, as a subscriber would hear it."""
    told: list[events.Event] = []
    for kind in (PersonJoined, PersonPaused, PersonLeft):
        monkeypatch.setitem(events._subscribers, kind, [told.append])
    return told


def test_leaving_and_coming_back_is_told_upward_and_to_nobody(
    cast: Cast,
    now: datetime,
    heard: list[events.Event],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        pause_programme(person=cast.ana, now=now)
        leave_programme(person=cast.ana, now=now)
        join_programme(person=cast.ana, now=now)

    assert [type(event) for event in heard] == [PersonPaused, PersonLeft, PersonJoined]
    assert cast.ana.participation == Participation.JOINED
    assert mail.outbox == []


def test_second_tap_changes_nothing(cast: Cast, now: datetime) -> None:
    first = leave_programme(person=cast.ana, now=now)
    second = leave_programme(person=cast.ana, now=now)

    assert first == second
    assert second.participation == Participation.LEFT


def test_leaving_keeps_the_log_in_and_the_roles(cast: Cast, now: datetime) -> None:
    leave_programme(person=cast.ana, now=now)

    cast.ana.refresh_from_db()
    assert cast.ana.is_active
    assert cast.ana.account.is_active
    assert cast.ana.roles == {"ambassador"}


@pytest.mark.parametrize("move", [pause_programme, leave_programme])
def test_who_has_not_joined_cannot_pause_nor_leave(
    cast: Cast, now: datetime, move: Callable[..., object]
) -> None:
    with pytest.raises(Refusal) as refused:
        move(person=cast.marc, now=now)

    assert refused.value.code == "no_such_move"
