"""An installation whose clicks were a row each keeps them all when it is upgraded."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cast import Cast
from make_clicks import count_all, make_published_story, make_share
from portevoix.analytics.models import Dimension, Span, Tally

BEFORE, AFTER = ("links", "0003_visitor_periods"), ("links", "0004_judged_batches")


@pytest.fixture
def latest() -> Iterator[None]:
    """Whatever happens, the tables are the present ones again."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_clicks_of_the_past_are_counted_after_an_upgrade(cast: Cast, now: datetime, latest: None) -> None:
    share = make_share(cast.ana, make_published_story(cast.atlas, "Une laiterie", now=now), at=now)
    click = migrated_to(BEFORE).get_model("links", "Click").unscoped
    rows = (
        ("person", "browser", "00000000000000aa", 0),
        ("duplicate", "browser", "00000000000000aa", 5),
        ("person", "app", "ffffffffffffffff", 6),
        ("preview", "preview", "", 7),
        ("robot", "listed", "00000000000000bb", 8),
        ("person", "browser", "", 9),
    )
    for number, (kind, reason, visitor, minutes) in enumerate(rows):
        click.create(
            organisation_id=share.organisation_id,
            link_id=share.link_id,
            at=now - timedelta(days=400) + timedelta(minutes=minutes),
            kind=kind,
            reason=reason,
            visitor=visitor,
            language="ar",
            device="phone",
            segment="old",
            position=number,
        )

    migrated_to(AFTER)
    count_all(now)

    row = Tally.unscoped.get(dimension=Dimension.LINK, span=Span.DAY, key=share.link_id)
    assert (row.people, row.repeats, row.previews, row.robots) == (3, 1, 1, 1)


def migrated_to(target: tuple[str, str]) -> object:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return executor.loader.project_state([target]).apps
