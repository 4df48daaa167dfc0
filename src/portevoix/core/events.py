"""News that travels upward: a lower storey publishes what happened, a higher one subscribes.

Events are frozen facts in the past tense. They are delivered after the transaction commits, so that nobody acts on what
was rolled back. A subscriber that fails is our bug: it is logged, and the others still hear.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import transaction

from portevoix.core import tenancy

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact that happened in one organisation. `id` lets a subscriber recognise what it has heard already."""

    organisation_id: int
    id: UUID = field(default_factory=uuid4)


Heard = TypeVar("Heard", bound=Event)
_subscribers: dict[type[Event], list[Callable[..., None]]] = defaultdict(list)


def subscribe(kind: type[Heard]) -> Callable[[Callable[[Heard], None]], Callable[[Heard], None]]:
    """Decorator: the function hears every event of that kind, after commit."""

    def register(hear: Callable[[Heard], None]) -> Callable[[Heard], None]:
        if hear not in _subscribers[kind]:
            _subscribers[kind].append(hear)
        return hear

    return register


def publish(event: Event) -> None:
    """Tells the subscribers once the transaction in course commits."""
    transaction.on_commit(lambda: _deliver(event))


def _deliver(event: Event) -> None:
    for hear in _subscribers[type(event)]:
        try:
            with tenancy.acting_for(event.organisation_id):
                hear(event)
        except Exception:
            log.exception("%s failed on %s", hear.__qualname__, event)
