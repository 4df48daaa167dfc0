"""Headers read and addresses fitted, without a server."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.links.segments import Device
from portevoix.redirector.answer import (
    device_of,
    location_of,
    preferred_language,
    primary_language,
    referrer_host,
)
from portevoix.redirector.page import CONTENT_SECURITY_POLICY, LANGUAGES, page


@pytest.mark.parametrize(
    ("stored", "location"),
    [
        ("https://atlas.example/a?b=c&d=%20#e", "https://atlas.example/a?b=c&d=%20#e"),
        ("https://atlas.example/été d’ici", "https://atlas.example/%C3%A9t%C3%A9%20d%E2%80%99ici"),
        ("https://énergie.example:8443/x", "https://xn--nergie-9ua.example:8443/x"),
        ("http://[2001:db8::1]:8000/", "http://[2001:db8::1]:8000/"),
        ("HTTPS://atlas.example/", "https://atlas.example/"),
        ("https:///atlas.example/", None),
        ("https://atlas.example\\@evil.example/", None),
        ("https://atlas.example/\nx", None),
        ("https://atlas.example/" + "a" * 9000, None),
    ],
)
def test_location_is_fit_for_a_header_or_nothing(stored: str, location: str | None) -> None:
    assert location_of(stored) == location


@given(st.text())
def test_location_never_holds_what_could_end_a_header(text: str) -> None:
    location = location_of("https://atlas.example/" + text)

    assert location is None or re.fullmatch(r"[!-~]+", location)


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://www.linkedin.com/feed/", "www.linkedin.com"),
        ("android-app://com.linkedin.android/", "com.linkedin.android"),
        ("https://user:secret@t.example:8080?x", "t.example"),
        ("javascript:alert(1)", ""),
        ("https://<script>/", ""),
        ("/feed", ""),
    ],
)
def test_referrer_is_kept_as_a_host_only(referrer: str, host: str) -> None:
    assert referrer_host(referrer) == host


@pytest.mark.parametrize(
    ("header", "language"), [("fr-MA,ar", "fr"), (" AR;q=1", "ar"), ("*", ""), ("tzm,fr", "tzm")]
)
def test_primary_language_is_without_its_country(header: str, language: str) -> None:
    assert primary_language(header) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [("en;q=0.3,ar;q=0.9", "ar"), ("de,nl", "fr"), ("en;q=0,fr;q=0.1", "fr"), ("en;q=much", "fr")],
)
def test_preferred_language_is_one_of_ours(header: str, language: str) -> None:
    assert preferred_language(header) == language


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Mobile/15E148 Safari/604.1", Device.PHONE),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/131.0 Mobile Safari/537.36", Device.PHONE),
        ("Mozilla/5.0 (Linux; Android 14; SM-X710) Chrome/131.0 Safari/537.36", Device.TABLET),
        ("Mozilla/5.0 (iPad; CPU OS 12_5_5) Mobile/15E148 Safari/605.1.15", Device.TABLET),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36", Device.DESKTOP),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15", Device.DESKTOP),
        ("Mozilla/5.0 (Linux; Tizen) SMART-TV Safari/537.36", Device.OTHER),
        ("", Device.OTHER),
    ],
)
def test_device_is_told_from_plain_words(agent: str, device: Device) -> None:
    assert device_of(agent) == device


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_allows_its_own_style_and_nothing_else(language: str) -> None:
    style = re.search(rb"<style>(.*)</style>", page("absent", language))

    assert style is not None
    allowed = b64encode(sha256(style[1]).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ) == CONTENT_SECURITY_POLICY
    assert re.findall(rb"style=|<script|src=|href=", page("absent", language)) == []
