import pytest

from portevoix.networks import registry


def test_registry_lists_every_network_in_order() -> None:
    keys = [composer.network.key for composer in registry.all_networks()]

    assert keys == [
        "linkedin", "x", "facebook", "whatsapp", "telegram",
        "threads", "bluesky", "mastodon", "xing", "email",
    ]  # fmt: skip


def test_registry_gives_a_network_by_its_key() -> None:
    assert registry.get("x").network.label == "X"


def test_registry_refuses_an_unknown_key() -> None:
    with pytest.raises(registry.UnknownNetwork):
        registry.get("minitel")


def test_registry_names_the_networks_that_take_no_text() -> None:
    wordless = [
        composer.network.key for composer in registry.all_networks() if not composer.network.abilities.text
    ]

    assert wordless == ["facebook", "xing"]


def test_registry_names_the_network_that_forbids_alike_texts() -> None:
    strict = [c.network.key for c in registry.all_networks() if not c.network.abilities.alike_texts]

    assert strict == ["x"]


def test_network_that_does_not_exist_is_there_only_where_it_is_played() -> None:
    played = [composer.network.key for composer in registry.all_networks({"agora.example"})]

    assert "dummy" in played
    assert "dummy" not in [composer.network.key for composer in registry.all_networks()]
