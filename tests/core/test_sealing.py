"""Secrets open where they were closed, and nowhere else; keys change under traffic."""

import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portevoix.core import sealing
from portevoix.core.sealing import BadKeys, CannotUnseal, KeyRing, seal, unseal

KEY = "a" * 43 + "="


@pytest.fixture(autouse=True)
def keys_file(settings: Any, tmp_path: Path) -> Path:
    settings.SEALING_KEYS, settings.SEALING_KEYS_FILE = "", tmp_path / "sealing.keys"
    return tmp_path / "sealing.keys"


def test_secret_opens_for_its_own_context_alone() -> None:
    sealed = seal("jeton", context="account:1:abc")

    assert unseal(sealed, context="account:1:abc") == "jeton"
    with pytest.raises(CannotUnseal):
        unseal(sealed, context="account:2:abc")


def test_same_secret_is_never_sealed_alike() -> None:
    assert seal("jeton", context="x") != seal("jeton", context="x")


def test_sealed_text_says_nothing_of_the_secret() -> None:
    assert "jeton" not in seal("jeton", context="x")


@pytest.mark.parametrize("place", [-1, -30, 20])
def test_damaged_secret_is_refused(place: int) -> None:
    sealed = seal("jeton", context="x")
    flipped = "A" if sealed[place] != "A" else "B"
    damaged = sealed[:place] + flipped + sealed[len(sealed) + place + 1 if place < 0 else place + 1 :]

    with pytest.raises(CannotUnseal):
        unseal(damaged, context="x")


@pytest.mark.parametrize("text", ["", "v1", "v1.k.", "v2.k.AAAA", "v1.unknown.AAAA", "jeton", "v1.k.é"])
def test_what_was_never_sealed_is_refused(text: str) -> None:
    with pytest.raises(CannotUnseal):
        unseal(text, context="x")


def test_keys_are_made_once_and_for_their_owner_alone(keys_file: Path) -> None:
    first = seal("jeton", context="x")

    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
    assert unseal(first, context="x") == "jeton"
    assert list(keys_file.parent.iterdir()) == [keys_file]


def test_two_processes_that_race_keep_the_same_keys(keys_file: Path) -> None:
    mine, theirs = KeyRing((sealing.new_key(),)), KeyRing((sealing.new_key(),))

    sealing.keep_keys(theirs, keys_file, only_if_none=True)
    sealing.keep_keys(mine, keys_file, only_if_none=True)

    assert sealing.ring() == theirs


def test_fresh_key_closes_and_the_older_still_opens(keys_file: Path) -> None:
    old = seal("jeton", context="x")
    name = sealing.add_key(keys_file).newest[0]

    new = seal("jeton", context="x")

    assert new.startswith(f"v1.{name}.")
    assert not old.startswith(f"v1.{name}.")
    assert unseal(old, context="x") == "jeton"


def test_resealed_secret_is_under_the_newest_key_and_the_same(keys_file: Path) -> None:
    old = seal("jeton", context="x")
    name = sealing.add_key(keys_file).newest[0]

    fresh = sealing.resealed(old, context="x")

    assert fresh.startswith(f"v1.{name}.")
    assert unseal(fresh, context="x") == "jeton"
    assert sealing.resealed(fresh, context="x") == fresh


def test_keys_of_the_environment_win(settings: Any, keys_file: Path) -> None:
    settings.SEALING_KEYS = f"second={KEY} first={KEY.replace('a', 'b')}"

    assert seal("jeton", context="x").startswith("v1.second.")
    assert not keys_file.exists()


@pytest.mark.parametrize("text", ["k", "k=AAAA", "k-1=" + KEY, f"k={KEY} k={KEY}", "k=" + "é" * 43])
def test_keys_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(BadKeys):
        sealing.parse_keys(text)


@pytest.mark.django_db
def test_environments_keys_are_not_forgotten_for_the_operator(settings: Any) -> None:
    settings.SEALING_KEYS = f"only={KEY}"

    with pytest.raises(CommandError, match="PORTEVOIX_SEALING_KEYS"):
        call_command("rotate_keys", "--forget")
