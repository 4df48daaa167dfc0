"""Who may open a page: exactly one of these decorators stands on every view. A test walks the address map.

`public` anyone · `signed_in` anyone with a log-in · `member` a person of the organisation in force ·
`able(ABILITY, …)` a person whose roles allow one of the abilities.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from portevoix.core.errors import NotFound
from portevoix.people.models import Person
from portevoix.people.roles import Ability

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate["PageRequest", Arguments], HttpResponseBase]


class PageRequest(HttpRequest):
    """A request as our views see it, after the middleware: who asks, and for which organisation."""

    person: Person
    memberships: list[Person]
    htmx: Any


def _guarded(
    view: View[Arguments], access: str, admits: Callable[[PageRequest], HttpResponseBase | None]
) -> View[Arguments]:
    @wraps(view)
    def guarded(
        request: PageRequest, /, *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> HttpResponseBase:
        return admits(request) or view(request, *arguments, **named)

    guarded.access = access  # type: ignore[attr-defined]  # read by the test that walks the address map
    return guarded


def public(view: View[Arguments]) -> View[Arguments]:
    """Anyone."""
    return _guarded(view, "public", lambda request: None)


def signed_in(view: View[Arguments]) -> View[Arguments]:
    """Anyone with a log-in, member of an organisation or not."""
    return _guarded(view, "signed_in", _sign_in_first)


def member(view: View[Arguments]) -> View[Arguments]:
    """A person of the organisation in force, whether or not they take part."""
    return _guarded(view, "member", _member_first)


def able(*abilities: Ability) -> Callable[[View[Arguments]], View[Arguments]]:
    """A person whose roles allow at least one of the abilities; others are told that there is nothing here."""

    def decorate(view: View[Arguments]) -> View[Arguments]:
        def admits(request: PageRequest) -> HttpResponseBase | None:
            if elsewhere := _member_first(request):
                return elsewhere
            if not request.person.abilities & set(abilities):
                raise NotFound("page")
            return None

        return _guarded(view, "able:" + ",".join(sorted(abilities)), admits)

    return decorate


def _sign_in_first(request: PageRequest) -> HttpResponseBase | None:
    return None if request.user.is_authenticated else redirect_to_login(request.get_full_path())


def _member_first(request: PageRequest) -> HttpResponseBase | None:
    if elsewhere := _sign_in_first(request):
        return elsewhere
    return None if getattr(request, "person", None) else redirect("no_organisation")
