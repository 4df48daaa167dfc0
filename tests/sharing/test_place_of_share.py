"""A share keeps where its person stood when it was made, for figures that do not move with people."""

from datetime import datetime
from importlib import import_module

import pytest
from django.apps import apps

from cast import Cast
from make import make_team
from make_library import make_published_story
from make_posts import connect, plan
from make_sharing import make_share
from networks.fakes.agora import FakeAgora
from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.sharing import privacy
from portevoix.sharing.models import Share

OF_ANA = ("Ventes", "MA", "Africa/Casablanca")


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return make_published_story(cast.ines, now=now)


def place(share: Share) -> tuple[str, str, str]:
    row = Share.objects.select_related("team").get(pk=share.pk)
    return row.team.name if row.team else "", row.country, row.zone


def move_to_paris(person: Person) -> None:
    person.team = make_team(person.organisation, "Paris")
    person.country, person.time_zone = "FR", "Europe/Paris"
    person.save()


def test_share_keeps_the_place_of_its_person(cast: Cast, story: Story, now: datetime) -> None:
    share = make_share(cast.ana, story, now=now)

    move_to_paris(cast.ana)

    assert place(share) == OF_ANA
    assert place(make_share(cast.ana, story, now=now, channel="x")) == ("Paris", "FR", "Europe/Paris")


def test_planned_post_keeps_it_too(cast: Cast, story: Story, now: datetime, agora: FakeAgora) -> None:
    connect(cast.ana, now=now)

    post = plan(cast.ana, story, now=now)

    assert place(post.share) == OF_ANA


def test_share_outlives_its_team(cast: Cast, story: Story, now: datetime) -> None:
    share = make_share(cast.ana, story, now=now)

    cast.ana.team.delete()

    assert place(share) == ("", "MA", "Africa/Casablanca")


def test_shares_made_before_take_the_present_place(cast: Cast, story: Story, now: datetime) -> None:
    of_ana, of_noor = make_share(cast.ana, story, now=now), make_share(cast.noor, story, now=now)
    Share.objects.update(team=None, country="", zone="")

    import_module("portevoix.sharing.migrations.0003_place_of_share").take_from_persons(apps, None)

    assert (place(of_ana), place(of_noor)) == (OF_ANA, ("Projets", "MA", "Europe/Paris"))


def test_person_is_handed_what_a_share_keeps(cast: Cast, story: Story, now: datetime) -> None:
    make_share(cast.ana, story, now=now)

    (held,) = privacy.export_person(cast.ana)["shares"]

    assert (held["team"], held["country"], held["time_zone"]) == OF_ANA
