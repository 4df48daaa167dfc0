"""The same link is one address; different pages stay different."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portevoix.library.addresses import NotAnAddress, absolute_address, canonical_address, site_name

HOSTS = some.sampled_from(
    ["example.com", "WWW.Example.com.", "münchen.example", "example.com:8080", "[2001:db8::1]"]
)
SCHEMES = some.sampled_from(["http", "https", "HTTPS"])
PATHS = some.text(alphabet="abc/.%é~ -_+;:@20FfAa\\", max_size=20)
QUERIES = some.text(alphabet="abc=&%é+ utm_source/?[]", max_size=20)
FRAGMENTS = some.text(alphabet="ab!/#é%", max_size=6)
ADDRESSES = some.builds("{}://{}/{}?{}#{}".format, SCHEMES, HOSTS, PATHS, QUERIES, FRAGMENTS)


@pytest.mark.parametrize(
    "other",
    [
        "http://example.com/news/1?id=4&page=2",
        "https://EXAMPLE.com:443/news/1?id=4&page=2",
        "https://example.com./news/1?id=4&page=2",
        "https://example.com/news/1/?page=2&id=4",
        "https://example.com/news/1?page=2&id=4#comments",
        "https://example.com/news/./old/../1?id=4&page=2",
        "https://example.com/%6Eews/1?id=4&page=2",
        "https://example.com/news/1?utm_source=x&id=4&UTM_Campaign=y&page=2&fbclid=z",
        "https://example.com/news/1?id=4&page=2&gclid=1&igshid=2&mc_cid=3&mc_eid=4&xtor=RSS-1",
        "  https://example.com/news/1?id=4&page=2\n",
    ],
)
def test_canonical_address_is_one_for_the_same_page(other):
    assert canonical_address(other) == "https://example.com/news/1?id=4&page=2"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://example.com/a", "https://www.example.com/a"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/?id=1&id=2", "https://example.com/?id=2&id=1"),
        ("https://example.com/?ref=1", "https://example.com/"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/?q=a%26b", "https://example.com/?q=a&b"),
        ("https://example.com/#/news/1", "https://example.com/#/news/2"),
        ("https://example.com:8443/", "https://example.com/"),
        ("http://example.com:443/", "http://example.com/"),
    ],
)
def test_canonical_address_keeps_different_pages_apart(one, two):
    assert canonical_address(one) != canonical_address(two)


def test_canonical_address_writes_international_names_in_ascii():
    assert canonical_address("http://MÜNCHEN.example/straße") == "https://xn--mnchen-3ya.example/stra%C3%9Fe"


@pytest.mark.parametrize(
    "text", ["", "news", "ftp://example.com/", "http://", "mailto:a@example.com", "http://[1"]
)
def test_canonical_address_refuses_what_is_no_address(text):
    with pytest.raises(NotAnAddress):
        canonical_address(text)


@pytest.mark.parametrize(
    ("path", "canonical"),
    [("/a/./b", "/a/b"), ("/a/../../b", "/b"), ("/a/b/..", "/a"), ("/;", "/;"), ("//a", "/a"), ("/..", "/")],
)
def test_canonical_address_resolves_dots_and_nothing_else(path, canonical):
    assert canonical_address(f"https://example.com{path}") == f"https://example.com{canonical}"


@given(ADDRESSES)
def test_canonical_address_of_a_canonical_address_is_itself(address):
    once = canonical_address(address)

    assert canonical_address(once) == once


@given(some.text(max_size=60))
def test_canonical_address_of_any_text_is_an_address_or_a_refusal(text):
    try:
        found = canonical_address(text)
    except NotAnAddress:
        return

    assert found.startswith("https://")


@given(ADDRESSES, ADDRESSES)
def test_absolute_address_of_an_absolute_address_is_itself(base, link):
    once = absolute_address(base, link)

    assert once is not None
    assert absolute_address(base, once) == once


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("next", "https://example.com/news/next"),
        ("/top", "https://example.com/top"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("https://cdn.example//a//b.jpg", "https://cdn.example/a/b.jpg"),
        (
            "https://cdn.example/fit/https://origin.example/b.jpg",
            "https://cdn.example/fit/https://origin.example/b.jpg",
        ),
        ("https://cdn.example/a b.jpg?c=d e", "https://cdn.example/a%20b.jpg?c=d%20e"),
        ("https://cdn.example/a.jpg?w=1&utm_source=x", "https://cdn.example/a.jpg?w=1"),
        ("https://cdn.example/a%28%c3%a9%2Fb%29.jpg", "https://cdn.example/a(%C3%A9%2Fb).jpg"),
        ("https://cdn.example/a.jpg:large", "https://cdn.example/a.jpg:large"),
        ("https://someone:secret@cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,AAAA", None),
        ("mailto:a@example.com", None),
        ("http://", None),
        ("", None),
    ],
)
def test_absolute_address_is_made_whole_or_refused(link, expected):
    assert absolute_address("https://example.com/news/1", link) == expected


def test_site_name_is_the_host_as_people_say_it():
    assert site_name("https://www.xn--mnchen-3ya.example/a") == "münchen.example"
