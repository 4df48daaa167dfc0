"""The servers of others that these tests ask; each is started once, for all of them."""

from collections.abc import Iterator

import pytest

from servers.bluesky_network import Network, running


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    with running() as started:
        yield started
