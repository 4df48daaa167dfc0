from datetime import datetime

import pytest

from cast import Cast
from portevoix.core import tenancy
from portevoix.core.errors import NotFound, Refusal
from portevoix.editorial import queries
from portevoix.editorial.actions import disclosure, phrases, pillars
from portevoix.people.models import TrailEntry


def create(cast: Cast, now: datetime, name: str) -> object:
    return pillars.create_pillar(organisation=cast.atlas, person=cast.ines, names={"fr": name}, now=now)


def test_pillars_come_in_the_order_they_were_put(cast: Cast, now: datetime) -> None:
    rows = [create(cast, now, name) for name in ("Toits", "Vent", "Métiers")]

    pillars.reorder_pillars(
        organisation=cast.atlas, person=cast.ines, codes=[rows[2].code, rows[0].code, "unknown"], now=now
    )

    assert [str(row) for row in queries.pillars()] == ["Métiers", "Toits", "Vent"]


def test_pillar_archived_leaves_the_list_and_comes_back(cast: Cast, now: datetime) -> None:
    pillar = create(cast, now, "Toits")

    pillars.archive_pillar(pillar=pillar, person=cast.ines, now=now)

    assert list(queries.pillars()) == []
    pillars.restore_pillar(pillar=pillar, person=cast.ines, now=now)
    assert list(queries.pillars()) == [pillar]


@pytest.mark.parametrize(
    ("names", "target", "code"),
    [
        ({"fr": "  "}, 0, "pillar_without_name"),
        ({"de": "Dach"}, 0, "pillar_without_name"),
        ({"fr": "x" * 81}, 0, "pillar_name_too_long"),
        ({"fr": "Toits"}, 101, "bad_target"),
    ],
)
def test_pillar_refuses_what_will_not_do(
    cast: Cast, now: datetime, names: dict[str, str], target: int, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        pillars.create_pillar(
            organisation=cast.atlas, person=cast.ines, names=names, target_share=target, now=now
        )

    assert refused.value.code == code


def test_pillar_thirteenth_is_refused(cast: Cast, now: datetime) -> None:
    for place in range(12):
        create(cast, now, f"Pilier {place}")

    with pytest.raises(Refusal) as refused:
        create(cast, now, "De trop")

    assert refused.value.code == "too_many_pillars"


def test_disclosure_line_is_one_per_language(cast: Cast, now: datetime) -> None:
    for text in ("Je travaille  chez Atlas.", "Je travaille chez Atlas Énergies."):
        disclosure.set_disclosure_line(
            organisation=cast.atlas, person=cast.ines, language="fr", text=text, now=now
        )

    assert queries.disclosure_lines() == {"fr": "Je travaille chez Atlas Énergies."}


def test_phrase_is_refused_twice_whatever_its_accents(cast: Cast, now: datetime) -> None:
    add = {"organisation": cast.atlas, "person": cast.ines, "reason": "Invérifiable.", "now": now}
    phrases.add_forbidden_phrase(phrase="leader incontesté", **add)

    with pytest.raises(Refusal) as refused:
        phrases.add_forbidden_phrase(phrase="Leader  INCONTESTE", **add)

    assert (refused.value.code, refused.value.field) == ("phrase_exists", "phrase")


def test_phrase_removed_leaves_its_line_in_the_trail(cast: Cast, now: datetime) -> None:
    row = phrases.add_forbidden_phrase(
        organisation=cast.atlas, person=cast.ines, phrase="garanti", reason="Rien ne l’est.", now=now
    )

    phrases.remove_forbidden_phrase(phrase=row, person=cast.ines, now=now)

    assert list(queries.forbidden_phrases()) == []
    assert list(TrailEntry.objects.values_list("act", flat=True)) == [
        "add_forbidden_phrase",
        "remove_forbidden_phrase",
    ]


def test_pillar_of_another_organisation_is_not_found(cast: Cast, now: datetime) -> None:
    with tenancy.acting_for(cast.other.pk):
        theirs = pillars.create_pillar(organisation=cast.other, person=cast.otto, names={"fr": "X"}, now=now)

    with pytest.raises(NotFound):
        queries.get_pillar_for(cast.ines, theirs.code)
