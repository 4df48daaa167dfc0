"""Every address × everyone: the cast, a stranger, and Otto of another organisation with every role there is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cast import Cast
from portevoix.core import clock, tenancy
from portevoix.people.actions.participation import join_programme
from portevoix.people.actions.roles import grant_role
from portevoix.people.models import Person
from portevoix.people.roles import Role
from undoing import undone
from web.access_table import ANYONE, EVERYBODY, LOGGED_IN, MEMBERS, ROUTES, SERVERS, Route

ACCESS_WORDS = ("public", "signed_in", "member", "able", "token")


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


ADDRESSES = list(patterns(get_resolver()))


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted({pattern.name for pattern in ADDRESSES}) == sorted({route.name for route in ROUTES})


@pytest.mark.parametrize("pattern", ADDRESSES, ids=lambda pattern: str(pattern.name))
def test_view_carries_one_access_decorator(pattern: URLPattern) -> None:
    access = getattr(pattern.callback, "access", "")
    inner = getattr(pattern.callback, "__wrapped__", None)
    decorated = []
    while inner is not None:
        # A wrapper copies the attribute of what it wraps: the innermost that carries it is the decorator itself.
        decorated.append(getattr(inner, "access", None))
        inner = getattr(inner, "__wrapped__", None)

    assert access.partition(":")[0] in ACCESS_WORDS
    assert {word for word in decorated if word} <= {access}


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_address_opens_for_those_of_its_row_alone(route: Route, cast: Cast) -> None:
    now = clock.now()
    kwargs = route.sample(cast, now) if route.sample else {}
    give_every_role(cast.otto, now)

    outcomes = {name: outcome(route, kwargs, getattr(cast, name)) for name in [*EVERYBODY.split(), "otto"]}
    outcomes["stranger"] = outcome(route, kwargs, None)

    assert outcomes == expected(route)


def expected(route: Route) -> dict[str, str]:
    """What the row says of each: in, sign in first, nothing here, or a token first."""
    if route.who == SERVERS:
        return dict.fromkeys([*EVERYBODY.split(), "otto", "stranger"], "token first")
    admitted = EVERYBODY.split() if route.who in (ANYONE, LOGGED_IN, MEMBERS) else route.who.split()
    said = {name: "in" if name in admitted else "nothing here" for name in EVERYBODY.split()}
    is_foreign = route.sample is not None and route.who != ANYONE and not route.is_everyones
    said["otto"] = "nothing here" if is_foreign else "in"
    said["stranger"] = "in" if route.who == ANYONE else "sign in first"
    return said


def outcome(route: Route, kwargs: dict[str, Any], person: Person | None) -> str:
    with undone(), tenancy.acting_for(None):
        client = Client()
        if person:
            client.force_login(person.account)
        address = reverse(route.name, kwargs=kwargs)
        return in_words(client.post(address, route.data) if route.posts else client.get(address), route)


def in_words(answer: HttpResponseBase, route: Route) -> str:
    location = answer.headers.get("Location", "")
    if location.startswith(reverse("account_login")) and "next=" in location:
        return "sign in first"
    if answer.status_code == 401:
        return "token first"
    # The switch answers an unknown organisation as it answers all: that it was reached is what counts here.
    is_nothing = answer.status_code == 404 and route.name != "switch_organisation"
    return "nothing here" if is_nothing else "in"


def give_every_role(person: Person, now: datetime) -> None:
    for role in Role.values:
        ends_on = now.date().replace(year=now.year + 1) if role == Role.CONSULTANT else None
        grant_role(person=person, role=role, by=None, now=now, ends_on=ends_on)
    join_programme(person=person, now=now)
