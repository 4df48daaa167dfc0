"""Rows of no organisation never come out."""

from datetime import datetime

import pytest

from cast import Cast
from make import make_team
from portevoix.core import tenancy
from portevoix.people.models import Person, Team


def test_rows_of_another_organisation_do_not_come_out(cast: Cast) -> None:
    theirs = make_team(cast.other, "Theirs")

    names = set(Team.objects.values_list("name", flat=True))

    assert names == {"Ventes", "Projets"}
    assert Team.unscoped.filter(pk=theirs.pk).exists()


def test_asking_without_an_organisation_in_force_is_refused(cast: Cast) -> None:
    with tenancy.acting_for(None), pytest.raises(tenancy.NoOrganisation):
        Team.objects.count()


def test_related_rows_are_scoped_too(cast: Cast, now: datetime) -> None:
    team = cast.ana.team
    with tenancy.acting_for(cast.other.pk):
        assert list(team.people.all()) == []

    assert set(team.people.all()) == {cast.ana, cast.karim}


def test_the_organisation_in_force_ends_with_the_block_even_after_an_error(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), tenancy.acting_for(cast.other.pk):
        1 / 0  # noqa: B018

    assert tenancy.organisation_in_force() == cast.atlas.pk
    assert Person.objects.filter(pk=cast.otto.pk).count() == 0
