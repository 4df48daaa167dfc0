"""Two people are told apart for a month; an address is never found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.links.visitors import network_of, visitor_hash

SECRET = b"s" * 32


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_network_is_the_address_cut_down(address: str, network: str) -> None:
    assert network_of(address) == network


def test_visitor_depends_on_secret_network_and_agent_only() -> None:
    visitor = visitor_hash(SECRET, "203.0.113.77", "Firefox")

    assert len(visitor) == 8
    assert visitor_hash(SECRET, "203.0.113.1", "Firefox") == visitor
    assert visitor_hash(b"t" * 32, "203.0.113.77", "Firefox") != visitor
    assert visitor_hash(SECRET, "198.51.100.1", "Firefox") != visitor
    assert visitor_hash(SECRET, "203.0.113.77", "Chrome") != visitor


@pytest.mark.parametrize("secret", [None, b""])
def test_visitor_is_nobody_without_a_secret(secret: bytes | None) -> None:
    assert visitor_hash(secret, "203.0.113.77", "Firefox") == b""


@given(st.binary(min_size=1, max_size=200), st.text(), st.text())
def test_any_secret_address_and_agent_make_a_visitor(secret: bytes, address: str, agent: str) -> None:
    assert len(visitor_hash(secret, address, agent)) == 8
