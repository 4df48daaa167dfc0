from collections.abc import Callable

import pytest

from networks.conformance import PROMISES
from portevoix.networks import registry
from portevoix.networks.contract import Composer


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("composer", registry.COMPOSERS, ids=lambda composer: composer.network.key)
def test_network_keeps_its_promise(composer: Composer, promise: Callable[[Composer], None]) -> None:
    promise(composer)
