"""Conversions as programs and browsers send them, those of good will and the others."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory

from cast import Cast
from make_conversions import AN_HOUR, click_on, make_telling_link
from portevoix.api.conversions import conversions
from portevoix.links.actions.measuring import add_site
from portevoix.links.models import Conversion, Link, Source
from portevoix.people.actions.api_tokens import create_api_token, revoke_api_token
from portevoix.people.models import ApiToken

ADDRESS, BROWSERS = "/api/v1/conversions", "/api/v1/conversions/browser"
SITE = "https://www.atlas.example"
CLIENT = Client()
Send = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _paces(travel: object) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def link(cast: Cast, now: datetime) -> Link:
    add_site(organisation=cast.atlas, by=cast.driss, address=SITE, now=now)
    return make_telling_link(cast.atlas, now=now - timedelta(days=60))


@pytest.fixture
def click(link: Link, now: datetime) -> str:
    return click_on(link, at=now - AN_HOUR)


@pytest.fixture
def secret(cast: Cast, now: datetime) -> str:
    return create_api_token(organisation=cast.atlas, by=cast.driss, name="CRM", now=now)[1]


@pytest.fixture
def send(secret: str) -> Send:
    """Sends a body as the company's server does."""
    client = Client()

    def sending(body: Any, **more: Any) -> HttpResponse:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        named = {"content_type": "application/json", "HTTP_AUTHORIZATION": f"Bearer {secret}", **more}
        return client.post(ADDRESS, data, **named)  # type: ignore[return-value]

    return sending


def declare(body: Any, *, origin: str = SITE, content_type: str = "text/plain;charset=UTF-8") -> HttpResponse:
    """Sends a body as a page's script does."""
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"Origin": origin} if origin else {}
    return CLIENT.post(BROWSERS, data, content_type=content_type, headers=headers)  # type: ignore[return-value]


def said(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def test_server_tells_a_conversion_and_is_told_what_was_kept(send: Send, click: str, now: datetime) -> None:
    answer = send({"click": click, "kind": "order", "value": 4900, "currency": "EUR", "reference": "A-1"})

    assert answer.status_code == 201
    assert said(answer) == {
        "kind": "order",
        "value": 4900,
        "currency": "EUR",
        "reference": "A-1",
        "clicked_at": (now - AN_HOUR).isoformat(),
        "at": now.isoformat(),
        "attribution": {"model": "last_touch", "window_days": 30},
        "is_new": True,
    }
    assert answer["Cache-Control"] == "no-store"


def test_answer_says_nothing_of_whose_link_it_was(send: Send, click: str, link: Link) -> None:
    answer = send({"click": click, "kind": "order"})

    assert link.code not in answer.content.decode()


def test_second_report_is_answered_and_counts_once(send: Send, click: str) -> None:
    answers = [send({"click": click, "kind": "signup"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert Conversion.objects.count() == 1


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer pvt_unknown",
        "Basic cHZ0Xw==",
        "pvt_x",
        "Bearer " + "pvt_" + "x" * 10_000,
        "Bearer pvt_\u00e9",
        "Bearer pvt_'; DROP TABLE people_apitoken",
    ],
)
def test_no_token_opens_nothing(send: Send, click: str, header: str) -> None:
    answer = send({"click": click, "kind": "signup"}, HTTP_AUTHORIZATION=header)

    assert (answer.status_code, said(answer)["code"]) == (401, "bad_token")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Portevoix"'
    assert Conversion.objects.count() == 0


def test_revoked_token_opens_nothing(cast: Cast, send: Send, click: str, now: datetime) -> None:
    revoke_api_token(token=ApiToken.objects.get(), by=cast.driss, now=now)

    assert send({"click": click, "kind": "signup"}).status_code == 401


def test_session_of_an_administrator_is_no_token(
    cast: Cast, browse: Callable[[Any], Client], click: str
) -> None:
    answer = browse(cast.driss).post(
        ADDRESS, {"click": click, "kind": "signup"}, content_type="application/json"
    )

    assert answer.status_code == 401


def test_refusal_is_a_problem_in_the_language_asked_for(send: Send, click: str) -> None:
    body = {"click": click, "kind": "Sign Up"}

    answer, in_french = send(body), send(body, HTTP_ACCEPT_LANGUAGE="fr-MA,fr")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert {name: said(answer)[name] for name in ("type", "title", "status", "code", "field")} == {
        "type": "urn:portevoix:problem:bad_kind",
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "bad_kind",
        "field": "kind",
    }
    assert said(answer)["detail"].startswith("Name the kind in small letters")
    assert said(in_french)["detail"].startswith("Nommez le genre en minuscules")


def test_click_of_another_organisation_is_answered_as_a_forged_one(
    cast: Cast, send: Send, click: str, now: datetime
) -> None:
    theirs = click_on(make_telling_link(cast.other, now=now), at=now)

    answers = [send({"click": one, "kind": "signup"}) for one in (theirs, click[:-1] + "!", "x", "")]

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


def test_old_click_is_gone(send: Send, link: Link, now: datetime) -> None:
    answer = send({"click": click_on(link, at=now - timedelta(days=31)), "kind": "signup"})

    assert (answer.status_code, said(answer)["code"]) == (410, "expired_click")
    assert "30 days" in said(answer)["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ("[" * 8000, 400),
        ('{"kind": "signup", "value": ' + "9" * 5000 + "}", 400),
        (b"\xff\xfe\x00", 400),
        ({"kind": "signup", "more": 1}, 400),
        ({"kind": 1}, 400),
        ({"kind": ["signup"]}, 400),
        ({"value": "4900"}, 400),
        ({"value": 49.0}, 400),
        ({"value": True}, 400),
        ('{"value": NaN}', 400),
        ('{"value": 1e400}', 400),
        ({"value": 10**30, "currency": "EUR"}, 422),
        ({"value": -5, "currency": "EUR"}, 422),
        ({"reference": "a\x00b"}, 422),
        ({"kind": "a\x00"}, 422),
        ({"at": "yesterday"}, 422),
        ({"at": "2026-11-24T08:30:00"}, 422),
        ({"at": "0001-01-01T00:00:00+14:00"}, 422),
        ({"at": "9999-12-31T23:59:59-14:00"}, 422),
        ("x" * 8193, 413),
    ],
)
def test_hostile_body_is_refused(send: Send, click: str, body: Any, status: int) -> None:
    whole = {"click": click, "kind": "signup", **body} if isinstance(body, dict) else body

    answer = send(whole)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert Conversion.objects.count() == 0


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_other_kinds_of_bodies_are_refused(send: Send, click: str, kind: str) -> None:
    answer = send(json.dumps({"click": click, "kind": "signup"}), content_type=kind)

    assert (answer.status_code, Conversion.objects.count()) == (415, 0)


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options", "head"])
def test_only_post_is_answered(secret: str, method: str, db: None) -> None:
    answer = getattr(Client(), method)(ADDRESS, headers={"Authorization": f"Bearer {secret}"})

    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.slow
def test_ten_thousand_posts_leave_one_row_and_are_slowed_down(settings: Any, secret: str, click: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "api": "300/m/key"}
    body = json.dumps({"click": click, "kind": "signup"})
    made = RequestFactory().post  # the view alone: what stands before it is the same for every page
    named = {"content_type": "application/json", "HTTP_AUTHORIZATION": f"Bearer {secret}"}

    statuses = Counter(conversions(made(ADDRESS, body, **named)).status_code for _ in range(10_000))  # type: ignore[arg-type]

    assert statuses == {201: 1, 200: 299, 429: 9700}
    assert Conversion.objects.count() == 1


def test_who_is_too_fast_is_told_when_to_come_again(settings: Any, send: Send, click: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "api": "1/m/key"}

    answers = [send({"click": click, "kind": "signup"}) for _ in range(2)]

    assert (answers[1].status_code, answers[1]["Retry-After"]) == (429, "60")


def test_browser_of_a_listed_site_declares(click: str) -> None:
    answer = declare({"click": click, "kind": "signup"})

    row = Conversion.objects.get()
    assert (answer.status_code, answer.content, row.source, row.kind) == (204, b"", Source.BROWSER, "signup")
    assert (answer["Access-Control-Allow-Origin"], answer["Vary"]) == (
        SITE,
        "Origin, Accept-Language, Cookie",
    )
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies


@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", "http://www.atlas.example", f"{SITE}.evil.example"]
)
def test_browser_of_another_site_is_refused(click: str, origin: str) -> None:
    answer = declare({"click": click, "kind": "signup"}, origin=origin)

    assert (answer.status_code, Conversion.objects.count()) == (403, 0)
    assert "Access-Control-Allow-Origin" not in answer


def test_site_listed_by_another_organisation_is_refused(cast: Cast, click: str, now: datetime) -> None:
    add_site(organisation=cast.other, by=cast.otto, address="https://other.example", now=now)

    answer = declare({"click": click, "kind": "signup"}, origin="https://other.example")

    assert (answer.status_code, said(answer)["code"], Conversion.objects.count()) == (403, "unknown_site", 0)


@pytest.mark.parametrize("more", [{"reference": "A-1"}, {"at": "2026-11-24T08:30:00Z"}])
def test_browser_gives_neither_reference_nor_moment(click: str, more: dict[str, str]) -> None:
    answer = declare({"click": click, "kind": "signup", **more})

    assert (answer.status_code, Conversion.objects.count()) == (400, 0)


def test_browser_may_send_json_when_it_asks_first(click: str) -> None:
    headers = {
        "Origin": SITE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }

    asked = Client().options(BROWSERS, headers=headers)
    answer = declare({"click": click, "kind": "signup"}, content_type="application/json")

    assert asked.status_code == answer.status_code == 204
    assert {name: asked[name] for name in asked.headers if name.startswith("Access-Control")} == {
        "Access-Control-Allow-Origin": SITE,
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "600",
    }


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_browser_of_another_site_is_told_no_when_it_asks_first(link: Link, origin: str) -> None:
    asked = Client().options(BROWSERS, headers={"Origin": origin})

    assert (asked.status_code, [name for name in asked.headers if name.startswith("Access-Control")]) == (
        403,
        [],
    )


def test_browser_of_a_listed_site_may_read_why_it_was_refused(link: Link) -> None:
    answer = declare({"click": "x", "kind": "signup"})

    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (404, SITE)


def test_one_address_is_slowed_down_and_one_click_leaves_ten_rows_at_most(click: str) -> None:
    answers = [declare({"click": click, "kind": f"kind-{number}"}).status_code for number in range(100)]

    assert {status: answers.count(status) for status in set(answers)} == {204: 10, 422: 50, 429: 40}
    assert Conversion.objects.count() == 10


def test_replayed_declaration_counts_once(click: str) -> None:
    answers = [declare({"click": click, "kind": "signup", "value": n, "currency": "EUR"}) for n in range(20)]

    assert {answer.status_code for answer in answers} == {204}
    assert Conversion.objects.values_list("value").get() == (0,)
