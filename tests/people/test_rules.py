"""Judgement about people: audiences, domains, groups too small to be shown."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from portevoix.people import queries
from portevoix.people.actions import audiences
from portevoix.people.rules import Group, clean_domain, shown_groups


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 9, "b": 6}, {"a": 9, "b": 6}),
        ({"a": 9, "b": 3, "c": 2}, {"a": 9, "": 5}),
        ({"a": 9, "b": 6, "c": 2}, {"a": 9, "": 8}),
        ({"a": 4}, {}),
        ({"a": 2, "b": 2}, {}),
        ({"a": 7, "b": 0}, {"a": 7}),
    ],
)
def test_small_groups_are_merged_or_hidden(counts: dict[str, int], shown: dict[str, int]) -> None:
    groups = shown_groups(Group(name, count) for name, count in counts.items())

    assert {group.name: group.count for group in groups} == shown


@given(st.lists(st.integers(0, 12), max_size=8))
def test_no_small_group_can_be_had_by_subtraction(counts: list[int]) -> None:
    groups = shown_groups(Group(str(place), count) for place, count in enumerate(counts))

    hidden = sum(counts) - sum(group.count for group in groups)
    assert all(group.count >= 5 for group in groups)
    assert hidden == 0 or not groups


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        (" @Atlas.Example. ", "atlas.example"),
        ("atlas", ""),
        ("atlas..example", ""),
        ("a b.example", ""),
        (".example", ""),
    ],
)
def test_domain_is_cleaned(typed: str, domain: str) -> None:
    assert clean_domain(typed) == domain


def test_audience_counts_people_whether_or_not_they_take_part(cast: Cast, now: datetime) -> None:
    sales = cast.ana.team.code  # type: ignore[union-attr]

    counts = [
        queries.audience_count(rule)
        for rule in (
            {},
            {"teams": [sales]},
            {"languages": ["ar"]},
            {"countries": ["MA"]},
            {"roles": ["contributor"]},
        )
    ]

    assert counts == [9, 2, 1, 2, 1]


def test_audience_keeps_only_rules_it_knows(cast: Cast, now: datetime) -> None:
    from portevoix.core.errors import Refusal

    with pytest.raises(Refusal) as refused:
        audiences.create_audience(
            organisation=cast.atlas, name="X", rule={"age": ["30"]}, by=cast.ines, now=now
        )

    assert refused.value.code == "bad_rule"
