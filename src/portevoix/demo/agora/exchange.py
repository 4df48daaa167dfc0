"""What is asked of Agora and what it answers, as values: the parts of HTTP that it needs, without sockets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_FIELDS = 50


@dataclass(frozen=True)
class Request:
    """One request; the names of its headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def host(self) -> str:
        """The host as it was asked for, with its port if it had one."""
        return self.headers.get("host", "").lower()

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The steps of the path, decoded; those that are empty are left out."""
        return tuple(unquote(step) for step in _path(self.target).split("/") if step)

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        return _fields(self.target.partition("#")[0].partition("?")[2])

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form that was sent."""
        return _fields(self.body.decode("utf-8", "replace"))

    def cookie(self, name: str) -> str:
        """The value of a cookie; empty without one."""
        try:
            found = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""


@dataclass(frozen=True)
class Reply:
    """One answer. `form_to` is the origin that the page's form may lead to, besides Agora itself."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    form_to: str = ""


def html(page: str, status: int = 200, *, form_to: str = "") -> Reply:
    """A page; half a surrogate pair, which a program may send in a text, becomes a question mark."""
    return Reply(status, "text/html; charset=utf-8", page.encode("utf-8", "replace"), form_to=form_to)


def data(status: int, facts: Mapping[str, Any], *headers: tuple[str, str]) -> Reply:
    """A JSON object."""
    return Reply(status, "application/json", json.dumps(facts).encode(), headers)


def error(status: int, code: str, *headers: tuple[str, str]) -> Reply:
    """A refusal for programs."""
    return data(status, {"error": code}, *headers)


def see_other(address: str, *headers: tuple[str, str]) -> Reply:
    """The way on after a form; `address` is in ASCII."""
    return Reply(303, "text/plain; charset=utf-8", b"", (("Location", address), *headers))


def _path(target: str) -> str:
    try:
        return urlsplit(target).path
    except ValueError:
        return ""


def _fields(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        return {}
