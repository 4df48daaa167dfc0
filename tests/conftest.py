"""What every test may use: the cast, the present moment, an organisation in force."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from django.test import Client

from agora_town import Town
from cast import Cast, assemble
from make_posts import play
from networks.fakes.agora import FakeAgora
from portevoix.core import tenancy
from portevoix.demo.agora.server import stand_ins

# A busy machine is slow; that is measured in bench/, never failed here.
hypothesis.settings.register_profile("calm", deadline=None)
hypothesis.settings.load_profile("calm")

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning, nine o'clock in Casablanca."""
    return NOW


@pytest.fixture(autouse=True)
def _folders(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    settings.CLICKS_ROOT = tmp_path / "clicks"  # type: ignore[attr-defined]


@pytest.fixture
def cast(db: None, now: datetime) -> Iterator[Cast]:
    """Ana, Ines, Marc, Noor and the others, their organisation in force; Otto belongs to another one."""
    people = assemble(now)
    with tenancy.acting_for(people.atlas.pk):
        yield people


@pytest.fixture
def travel(now: datetime) -> Iterator[time_machine.Traveller]:
    """The clock stands at the test's moment, and moves when told."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(settings: Any, travel: object) -> Iterator[Town]:
    """Agora as the demo brings it, served: a network that checks what real ones check."""
    with Town.served() as served:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, stand_ins=stand_ins(served.port))
        yield served


@pytest.fixture
def agora(settings: Any, travel: object) -> Iterator[FakeAgora]:
    """Agora as a fake, which goes wrong when told."""
    with FakeAgora() as network:
        play(settings, network)
        yield network


@pytest.fixture
def browse(cast: Cast) -> object:
    """`browse(person)` gives a signed-in client."""

    def sign_in(person: object) -> Client:
        client = Client()
        client.force_login(person.account)  # type: ignore[attr-defined]
        return client

    return sign_in
