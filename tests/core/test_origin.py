"""Whose address it is, behind proxies we trust and in front of those we do not."""

import pytest

from portevoix.core.origin import trusted_networks, visitor_address

TRUSTED = trusted_networks(("127.0.0.1", "10.0.0.0/8", "2001:db8:5::/48"))


@pytest.mark.parametrize(
    ("remote", "forwarded_for", "address"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.1.2.3, 10.4.5.6", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8:5::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_visitor_is_the_rightmost_address_not_trusted(remote: str, forwarded_for: str, address: str) -> None:
    assert visitor_address(remote, forwarded_for, TRUSTED) == address


def test_nobody_is_trusted_by_default() -> None:
    assert visitor_address("127.0.0.1", "198.51.100.1", trusted_networks(())) == "127.0.0.1"


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="proxy"):
        trusted_networks(("proxy.example",))
