"""News travels after commit, to every subscriber, in the organisation where it happened."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from portevoix.core import events, tenancy


@dataclass(frozen=True, kw_only=True)
class SomethingHappened(events.Event):
    what: str


@pytest.fixture
def heard() -> Iterator[list[tuple[str, int]]]:
    news: list[tuple[str, int]] = []

    def fail(_event: SomethingHappened) -> None:
        raise RuntimeError("a subscriber's bug")

    def hear(event: SomethingHappened) -> None:
        news.append((event.what, tenancy.organisation_in_force()))

    events.subscribe(SomethingHappened)(fail)
    events.subscribe(SomethingHappened)(hear)
    yield news
    events._subscribers.pop(SomethingHappened)


@pytest.mark.django_db(transaction=True)
def test_events_are_delivered_after_commit_despite_a_failing_subscriber(heard: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        events.publish(SomethingHappened(organisation_id=7, what="published"))
        before_commit = list(heard)

    assert before_commit == []
    assert heard == [("published", 7)]


@pytest.mark.django_db(transaction=True)
def test_events_of_a_rolled_back_transaction_are_never_heard(heard: list[tuple[str, int]]) -> None:
    with pytest.raises(ZeroDivisionError):
        _publish_then_fail()

    assert heard == []


def _publish_then_fail() -> None:
    with transaction.atomic():
        events.publish(SomethingHappened(organisation_id=7, what="undone"))
        1 / 0  # noqa: B018
