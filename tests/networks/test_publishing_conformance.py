from collections.abc import Callable

import pytest

from networks.publishing_conformance import FAKES, PROMISES, Case, keys
from portevoix.networks import registry


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("key", keys())
def test_publisher_keeps_its_promise(key: str, promise: Callable[[Case], None]) -> None:
    with FAKES[key]() as network:
        promise(Case(registry.DIRECT[key].publisher, network))
