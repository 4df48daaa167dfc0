"""Tags are added to an address, and nothing of it is changed."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.links.tagging import DEFAULTS, filled, problem_of, tagged, without, word_of

FACTS = {
    "network": "linkedin",
    "story": "Une laiterie au soleil : 38 % d’électricité",
    "pillar": "Énergie",
    "team": "Ventes",
}
TAGS = (
    "utm_source=linkedin&utm_medium=social&utm_campaign=employee-advocacy&utm_content=une-laiterie-au-soleil"
)
SHORT = {**FACTS, "story": "Une laiterie au soleil"}


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("https://a.example/b", f"https://a.example/b?{TAGS}"),
        ("https://a.example", f"https://a.example?{TAGS}"),
        ("https://a.example/b?", f"https://a.example/b?{TAGS}"),
        ("https://a.example/b?x=a?", f"https://a.example/b?x=a?&{TAGS}"),
        ("https://a.example/b?x=1&", f"https://a.example/b?x=1&{TAGS}"),
        ("https://a.example/b#part", f"https://a.example/b?{TAGS}#part"),
        ("https://a.example/#/route?x=1", f"https://a.example/?{TAGS}#/route?x=1"),
        ("https://a.example/b?k=1&k=2&k=", f"https://a.example/b?k=1&k=2&k=&{TAGS}"),
        ("https://a.example/شمس?ق=%D8%B4+x&s=a%2Fb", f"https://a.example/شمس?ق=%D8%B4+x&s=a%2Fb&{TAGS}"),
        ("https://a.example/%d8%b4?a=b=c&&d", f"https://a.example/%d8%b4?a=b=c&&d&{TAGS}"),
    ],
)
def test_address_is_tagged_and_otherwise_as_it_was(address: str, result: str) -> None:
    assert tagged(address, DEFAULTS, SHORT, longest=2000) == result


@pytest.mark.parametrize("name", ["utm_medium", "UTM_Medium", "utm%5Fmedium"])
@pytest.mark.parametrize("value", ["=email", "=", ""])
def test_tag_that_is_there_is_never_overwritten(name: str, value: str) -> None:
    address = f"https://a.example/?{name}{value}"

    found = tagged(address, DEFAULTS, SHORT, longest=2000)

    assert found == f"{address}&{TAGS.replace('utm_medium=social&', '')}"


def test_words_of_every_alphabet_are_encoded_once() -> None:
    found = tagged("https://a.example/", {"utm_content": "{story}"}, {"story": "مَعمل & ألبان؟"}, longest=2000)

    assert dict(parse_qsl(urlsplit(found).query)) == {"utm_content": "مَعمل-ألبان"}
    assert found.isascii()
    assert found.count("&") == 0


def test_literal_of_a_pattern_cannot_add_a_parameter_or_a_fragment() -> None:
    found = tagged("https://a.example/", {"utm_source": "a&b=c#d e%"}, {}, longest=2000)

    assert found == "https://a.example/?utm_source=a%26b%3Dc%23d%20e%25"


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("{pillar}-{network}", "linkedin"),
        ("{pillar}", ""),
        ("ambassadeurs {network}", "ambassadeurs linkedin"),
        ("{network}-{network}", "linkedin-linkedin"),
        ("", ""),
    ],
)
def test_placeholder_that_stands_for_nothing_leaves_nothing(pattern: str, value: str) -> None:
    assert filled(pattern, {"network": "linkedin", "pillar": ""}) == value


def test_address_that_would_grow_too_long_stays_as_it_is() -> None:
    address = "https://a.example/" + "x" * 1950

    assert tagged(address, DEFAULTS, SHORT, longest=2000) == address


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("{network}", ""),
        ("social", ""),
        ("", ""),
        ("{person}", "{person}"),
        ("{}", "{}"),
        ("{network", "unfit"),
        ("a}", "unfit"),
        ("a\nb", "unfit"),
        ("x" * 121, "too_long"),
    ],
)
def test_pattern_says_what_is_wrong_with_it(pattern: str, problem: str) -> None:
    assert problem_of(pattern) == problem


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("https://a.example/?pv=x", "https://a.example/"),
        ("https://a.example/?a=1&pv=x&PV=y&b=2#c?pv=z", "https://a.example/?a=1&b=2#c?pv=z"),
        ("https://a.example/?pvx=1&a=pv", "https://a.example/?pvx=1&a=pv"),
        ("https://a.example/?p%76=1&a", "https://a.example/?a"),
    ],
)
def test_parameter_is_taken_out(address: str, result: str) -> None:
    assert without(address, "pv") == result


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_any_address_keeps_all_its_signs(path: str, query: str, fragment: str) -> None:
    address = f"https://a.example/{path}?{query}#{fragment}"

    found = tagged(address, DEFAULTS, FACTS, longest=10_000)

    base, mark, rest = address.partition("#")
    assert found.startswith(base)
    assert found.endswith(mark + rest)
    assert tagged(found, DEFAULTS, FACTS, longest=10_000) == found


@given(st.text(max_size=200))
def test_word_is_short_and_plain(text: str) -> None:
    word = word_of(text)

    assert len(word) <= 60
    assert not set(word) & set("{}&=#?%/ +")
    assert "--" not in word
