"""Tracked links: where they lead, and what they refuse."""

from datetime import datetime, timedelta

import pytest

from cast import Cast
from portevoix.core.errors import Refusal
from portevoix.links import codes
from portevoix.links.actions.opening import open_link, retarget_links, withdraw_links
from portevoix.links.models import Link
from portevoix.links.queries import address_of
from portevoix.links.stand_ins import reachable


def make_link(cast: Cast, now: datetime, **facts: object) -> Link:
    named = {
        "destination": "https://gazette.example/a",
        "fallback": "https://atlas.example/",
        "expires_at": None,
    }
    return open_link(organisation=cast.atlas, now=now, **{**named, **facts})  # type: ignore[arg-type]


def test_link_leads_where_it_was_opened_to(cast: Cast, now: datetime) -> None:
    link = make_link(cast, now, expires_at=now + timedelta(days=1))

    assert (link.destination, link.fallback) == ("https://gazette.example/a", "https://atlas.example/")
    assert codes.canonical(link.code) == link.code
    assert [link.is_open(now), link.is_open(now + timedelta(days=1))] == [True, False]


@pytest.mark.parametrize("destination", ["javascript:alert(1)", "ftp://a.example/", "/me", "", "https://"])
def test_link_leads_nowhere_but_to_the_web(cast: Cast, now: datetime, destination: str) -> None:
    with pytest.raises(Refusal) as refused:
        make_link(cast, now, destination=destination)

    assert (refused.value.code, Link.objects.count()) == ("bad_destination", 0)


def test_link_refuses_a_code_of_another_organisation(cast: Cast, now: datetime) -> None:
    taken = open_link(
        organisation=cast.other,
        destination="https://other.example/",
        fallback="https://other.example/",
        expires_at=None,
        now=now,
    )

    with pytest.raises(Refusal) as refused:
        make_link(cast, now, code=taken.code)

    assert refused.value.code == "code_taken"


def test_withdrawn_link_opens_again_when_retargeted(cast: Cast, now: datetime) -> None:
    link, until = make_link(cast, now), now + timedelta(days=3)

    withdrawn_count = withdraw_links(links=[link], now=now)
    again_count = withdraw_links(links=[link], now=now + timedelta(hours=1))
    link.refresh_from_db()
    was_withdrawn_at = link.withdrawn_at
    retarget_links(links=[link], destination="https://gazette.example/b", expires_at=until, now=now)
    link.refresh_from_db()

    assert (withdrawn_count, again_count, was_withdrawn_at) == (1, 0, now)
    assert (link.destination, link.expires_at, link.withdrawn_at) == (
        "https://gazette.example/b",
        until,
        None,
    )


def test_address_of_a_link_is_public(settings: object) -> None:
    settings.LINK_ADDRESS = "https://va.atlas.example"  # type: ignore[attr-defined]

    assert address_of("7kq2b9xya") == "https://va.atlas.example/r/7kq2b9xya"


def test_stand_in_is_reached_under_localhost() -> None:
    stand_ins = {"gazette.example": ("127.0.0.1", 8010)}

    assert [
        reachable("https://Gazette.example/a?b=c#d", stand_ins),
        reachable("https://gazette.example", stand_ins),
        reachable("https://elsewhere.example/a", stand_ins),
    ] == [
        "http://gazette.example.localhost:8010/a?b=c#d",
        "http://gazette.example.localhost:8010/",
        "https://elsewhere.example/a",
    ]
