"""What every test may use: the cast, the present moment, an organisation in force."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from django.test import Client

from cast import Cast, assemble
from portevoix.core import tenancy

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
def browse(cast: Cast) -> object:
    """`browse(person)` gives a signed-in client."""

    def sign_in(person: object) -> Client:
        client = Client()
        client.force_login(person.account)  # type: ignore[attr-defined]
        return client

    return sign_in
