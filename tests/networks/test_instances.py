import pytest

from portevoix.networks.mastodon.instances import NotAnInstance, instance_host


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("mastodon.example", "mastodon.example"),
        (" Mastodon.Example ", "mastodon.example"),
        ("https://mastodon.example/@ana", "mastodon.example"),
        ("@ana@social.acme.example", "social.acme.example"),
        ("ana@mastodon.example", "mastodon.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("شبكة.example", "xn--ngbc5azd.example"),
    ],
)
def test_instance_is_read_from_what_people_type(typed: str, host: str) -> None:
    assert instance_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mastodon",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "mastodon.example:443",
        "mastodon..example",
        "-mastodon.example",
        "mastodon.example?x=1",
        "mastodon.example#x",
        "mastodon.example\\@evil.example/",
        "mas todon.example",
        "javascript:alert(1)",
        "a" * 64 + ".example",
        ".".join(["abcdefgh"] * 40),
    ],
)
def test_instance_refuses_what_is_no_public_host_name(typed: str) -> None:
    with pytest.raises(NotAnInstance):
        instance_host(typed)
