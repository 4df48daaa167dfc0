"""A network of ill will: it answers as the fake behind it does, then changes any part of the answer into anything.

What it does is drawn from one number, so that whatever goes wrong can be played again.
"""

import copy
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlsplit

from networks.fakes.server import NOW, FakeNetwork, Reply, Request
from portevoix.core.outgoing import Answer, Deadline, NoAnswer
from portevoix.networks.wire import Wire

STATUSES = (200, 200, 200, 201, 204, 301, 302, 304, 400, 401, 402, 403, 404, 413, 422, 426, 429, 500, 999)
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**53, 2**63, 10**400, 1e308, float("nan"), float("inf"), "", " ", "\x00", "a\x00b\ud800",
    "ok\r\nSet-Cookie: a=b", "x" * 600, "9" * 5000, "²", "٣", "é", "javascript:alert(1)", "http://plain.example/",
    "https://", "https://[::1", "https://u:p@host.example/", "https://a b.example/", "https://host.example:99999999/",
    "https://host.example/\r\nX: y", "https://host.example/#end", "https://host.example\\@b.example/", "did:web:a",
    "at://\x00", "urn:li:share:\x00", "a.b.c", "e30." + "W1tb" * 5000 + ".", "e30.eyJleHAiOiAxZTk5OX0.", "<![x[y]]>",
    "<a href='&#xD800;'", "&#0;&#xD800;", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-30",
    [], {}, [[]], [None], [1], {"a": [1]}, {"": ""},
)  # fmt: skip
NAMES = (
    "access_token", "refresh_token", "token_type", "expires_in", "refresh_token_expires_in", "scope", "sub", "did",
    "accessJwt", "refreshJwt", "id", "user_id", "username", "acct", "handle", "name", "display_name", "url", "uri",
    "data", "posts", "value", "meta", "errors", "error", "error_description", "message", "detail", "title", "type",
    "code", "status", "elements", "blob", "content", "card", "client_id", "client_secret", "request_uri", "paging",
)  # fmt: skip
CONTENTS = (
    b"", b"null", b"[]", b"{}", b"NaN", b'"text"', b"<html><h1>Hello</h1></html>", b"\xff\xfe\x00", b'{"id": "12',
    b"[" * 200_000, b'{"a":' * 100_000, b'{"expires_in": ' + b"9" * 5000 + b"}", b'{"id": "\\u0000\\ud800"}',
    b'{"data":' + b"[" * 900 + b"]" * 900 + b"}", b'[{"id": "1", "content": "<![x[y]]>", "created_at": "0001-01-01"}]',
)  # fmt: skip
HEADERS = (
    ("retry-after", "9" * 5000), ("retry-after", "Mon, 01 Jan 99999 00:00:00 GMT"), ("retry-after", "²"),
    ("retry-after", "Fri, 31 Dec 0001 23:59:59 +2359"), ("retry-after", "-1"), ("retry-after", "x" * 60_000),
    ("x-rate-limit-reset", "9" * 5000), ("x-ratelimit-reset", "0001-01-01T00:00:00+23:59"),
    ("x-app-limit-24hour-remaining", "0"), ("dpop-nonce", "é\x01" * 400), ("x-restli-id", "urn:li:share:%00%ED%A0%80"),
    ("x-restli-id", "urn:li:share:" + "1" * 600), ("content-type", "text/html"), ("location", "http://127.0.0.1/"),
)  # fmt: skip


@dataclass
class Hostile:
    """The network behind it, in its worst mood. `secrets` is what it repeats, where it was just told it."""

    network: FakeNetwork
    mood: random.Random
    secrets: tuple[str, ...]

    def wire(self) -> Wire:
        """A conversation with it, without sockets."""
        return Wire(self.call, Deadline.within(60), NOW)

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        deadline: Deadline | None = None,
    ) -> Answer:
        """One answer, as a door would bring it."""
        parts = urlsplit(url)
        said = {"host": parts.netloc, **{name.lower(): value for name, value in (headers or {}).items()}}
        request = Request(
            method, unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True)), said, content
        )
        reply = self._changed(self._honest(request), self._heard(url, said, content))
        if reply is None:
            raise NoAnswer(host=parts.netloc)
        return Answer(url, reply.status, {k.lower(): v for k, v in reply.headers.items()}, reply.body)

    def _honest(self, request: Request) -> Reply:
        try:
            return self.network.answer(request)
        except Exception:  # the fake behind was asked what it does not know
            return Reply(404, {"error": "not_found"})

    def _heard(self, url: str, headers: Mapping[str, str], content: bytes) -> str:
        whole = f"{unquote(url)} {dict(headers)}".encode(errors="replace") + unquote_to_bytes(content)
        return " ".join(one for one in self.secrets if one.encode() in whole)

    def _changed(self, reply: Reply, heard: str) -> Reply | None:
        draw = self.mood
        match draw.randrange(12):
            case 0:
                return None
            case 1:
                return replace(reply, content=draw.choice(CONTENTS))
            case 2:
                return replace(reply, status=draw.choice(STATUSES), headers=dict([draw.choice(HEADERS)]))
            case 3:
                return replace(reply, headers={**reply.headers, **dict([draw.choice(HEADERS)])})
            case 4:
                return Reply(draw.choice(STATUSES), self._invented(heard))
            case 5:
                said = dict.fromkeys(("error", "error_description", "message", "detail"), heard)
                return Reply(draw.choice((400, 401, 403, 422)), {**said, **self._error(heard)})
            case 6 | 7 | 8 if reply.data is not None:
                return replace(reply, data=self._bent(json.loads(json.dumps(reply.data)), heard))
        return reply

    def _error(self, heard: str) -> dict[str, Any]:
        return self.mood.choice(
            (
                {},
                {"error": {"message": heard, "code": self._value(heard)}},
                {"error": "invalid_client"},
                {"error": "invalid_dpop_proof"},
                {"title": "CreditsDepleted"},
            )
        )

    def _invented(self, heard: str) -> dict[str, Any]:
        return {name: self._value(heard) for name in self.mood.sample(NAMES, 12)}

    def _value(self, heard: str) -> Any:
        return copy.deepcopy(self.mood.choice((*VALUES, heard))) if self.mood.randrange(40) else nested(400)

    def _bent(self, data: Any, heard: str) -> Any:
        """The data with one or two places changed, taken out or repeated."""
        for _ in range(self.mood.randrange(1, 3)):
            places = list(places_in(data))
            if not places:
                return self._value(heard)
            holder, key = self.mood.choice(places)
            if self.mood.randrange(5) == 0:
                holder[key] = [holder[key]] * 120
            else:
                holder[key] = self._value(heard)
        return data


def nested(depth: int) -> Any:
    """Brackets in brackets."""
    found: Any = "deep"
    for _ in range(depth):
        found = [found]
    return found


def places_in(found: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value, as what holds it and its name or number there."""
    left = [found]
    while left:
        one = left.pop()
        named = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for key, value in list(named):
            yield one, key
            left.append(value)
