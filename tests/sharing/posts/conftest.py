"""Ana’s account at Agora, a story, and a post that is due now."""

from datetime import datetime

import pytest

from cast import Cast
from make_library import make_published_story
from make_posts import connect, plan
from networks.fakes.agora import FakeAgora
from portevoix.library.models import Story
from portevoix.sharing.models import ConnectedAccount, Post


@pytest.fixture
def account(cast: Cast, now: datetime, travel: object) -> ConnectedAccount:
    return connect(cast.ana, now=now)


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.ines, now=now, link="https://gazette.example/laiterie")


@pytest.fixture
def post(cast: Cast, agora: FakeAgora, account: ConnectedAccount, story: Story, now: datetime) -> Post:
    return plan(cast.ana, story, now=now)
