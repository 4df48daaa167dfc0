"""Whatever a network may answer, and wherever a post may stand, there are words for it."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from portevoix import schedule
from portevoix.networks import registry
from portevoix.sharing import refusals
from portevoix.sharing.states import PostState
from portevoix.web.admin.networks import PROBLEMS
from portevoix.web.admin.work_words import ROWS, SWEEPS
from portevoix.web.member import post_words
from portevoix.web.member.network_words import BY_HAND, PERMISSIONS, REASONS

SOURCE = Path(__file__).parents[2] / "src" / "portevoix"
# Found and mended before anybody hears of them.
UNHEARD = {"register_again", "signing_key_missing"}
# Where the state says it all.
UNSAID = {
    "asked",
    "by_word",
    "found_absent",
    "moved_by_person",
    "not_online",
    "sent_again",
    "taken_off",
    "withdrawn",
}


def codes(pattern: str, files: Iterable[Path]) -> set[str]:
    """Every code that the pattern catches in those files."""
    return {found for file in files for found in re.findall(pattern, file.read_text())}


@pytest.mark.parametrize("network", sorted(registry.DIRECT))
def test_every_permission_is_explained(network: str) -> None:
    assert set(registry.DIRECT[network].sign_in.permissions) <= set(PERMISSIONS)


def test_every_refusal_of_a_network_has_words() -> None:
    said = codes(r'Refused\(\s*"([a-z_]+)"', (SOURCE / "networks").rglob("*.py"))

    assert said - set(REASONS) - set(refusals.SIGN_IN) == set()


def test_every_matter_for_the_operator_has_words() -> None:
    said = codes(r'OperatorMust\(\s*"([a-z_]+)"', (SOURCE / "networks").rglob("*.py"))

    assert said - set(PROBLEMS) - set(refusals.OPERATOR) == UNHEARD


def test_every_reason_that_a_post_is_where_it_is_has_words() -> None:
    files = (SOURCE / "sharing").rglob("*.py")
    said = codes(
        r'(?:reason=f?|hold\(step, |refuse\(step, |withdraw\(step, |ask_person\(step, )"([a-z_]+)', files
    )

    assert said - set(REASONS) == UNSAID


def test_no_words_are_kept_for_what_nobody_says() -> None:
    everything = "".join(
        file.read_text() for room in ("networks", "sharing") for file in (SOURCE / room).rglob("*.py")
    )

    assert [code for code in (*REASONS, *PROBLEMS, *PERMISSIONS) if f'"{code}"' not in everything] == []


def test_every_state_of_a_post_has_a_title() -> None:
    assert set(post_words.TITLES) == set(PostState)


def test_every_network_that_is_shared_on_by_hand_says_why() -> None:
    by_hand = {one.network.key for one in registry.all_networks() if registry.direct(one.network.key) is None}

    assert by_hand <= set(BY_HAND)


def test_everything_done_later_has_a_name() -> None:
    assert {work.key for work in schedule.ROWS} == set(ROWS)
    assert {sweep.key for sweep in schedule.SWEEPS} <= set(SWEEPS)
