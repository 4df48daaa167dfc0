"""What a network says is made fit to be kept: texts, identifiers, moments, figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.fakes.server import NOW
from portevoix.core.outgoing import Answer
from portevoix.networks import incoming, oauth, wire

TEN_YEARS = incoming.LONGEST_LIFE_SECONDS


def answer(content: bytes = b"", **headers: str) -> Answer:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer("https://social.example/", 429, said, content)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_texts_lose_what_no_database_keeps(text: str) -> None:
    found = {"one": [text]}

    line, prose = wire.text_at(found, "one", 0), wire.prose_at(found, "one", 0)

    assert (line.encode().decode(), prose.encode().decode()) == (line, prose)
    assert "\x00" not in line + prose
    assert not line or len(line.splitlines()) == 1


def test_prose_keeps_its_lines_and_a_line_is_one() -> None:
    said = {"text": "Un\r\ndeux\x07\ttrois\u2028"}

    assert wire.prose_at(said, "text") == "Un\r\ndeux\ttrois\u2028"
    assert wire.text_at(said, "text") == "Un deux trois "


@pytest.mark.parametrize(
    "content", [b"[" * 200_000, b'{"a":' * 200_000, b'{"a": ' + b"9" * 5000 + b"}", b"\xff\xfe", b"", b"NaN"]
)
def test_json_that_cannot_be_read_is_nothing(content: bytes) -> None:
    assert wire.object_of(answer(content)) == {}


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [
        (60, NOW + 60),
        (1e308, NOW + TEN_YEARS),
        (10**400, NOW + TEN_YEARS),
        (float("inf"), NOW + TEN_YEARS),
        (float("nan"), None),
        (-(10**400), None),
        (0, None),
        (True, None),
        ("60", None),
    ],
)
def test_what_lasts_lasts_ten_years_at_most(seconds: object, kept: float | None) -> None:
    assert oauth.expiry({"expires_in": seconds}, "expires_in", NOW) == kept


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "9" * 5000}, wire.LONGEST_WAIT_SECONDS),
        ({"retry_after": "-1"}, None),
        ({"retry_after": "²"}, None),
        ({"retry_after": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}, None),
        ({"retry_after": "Mon, 01 Jan 0001 00:00:00 +2359"}, 1.0),
        ({"x_rate_limit_reset": "9" * 5000}, wire.LONGEST_WAIT_SECONDS),
        ({"x_ratelimit_reset": "0001-01-01T00:00:00+23:59"}, 1.0),
        ({"x_ratelimit_reset": "9999-12-31T23:59:59-23:59"}, wire.LONGEST_WAIT_SECONDS),
    ],
)
def test_wait_is_a_day_at_most_whatever_is_asked(headers: dict[str, str], seconds: float | None) -> None:
    assert wire.retry_after(answer(**headers), NOW) == seconds


@pytest.mark.parametrize("said", ["a b", "é", "a\x7f", "a\r\nX: y", "", "x" * 20_000])
def test_token_that_no_header_carries_is_none(said: str) -> None:
    assert wire.token_at({"access_token": said}, "access_token") == ""


def test_texts_are_found_however_deep() -> None:
    deep: object = "needle"
    for _ in range(100_000):
        deep = [deep]

    assert list(incoming.texts_in(deep)) == ["needle"]
