"""Both engines on real databases: everything due is done once, whoever does it, and a worker ends when it is told to."""

import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from engines.installation import Installation, installed

pytestmark = pytest.mark.django_db

INVITED = 40
MAKE = f"""
from datetime import timedelta
from portevoix.core import clock, tenancy
from portevoix.people.actions.invitations import invite_person
from portevoix.people.actions.organisations import create_organisation
from portevoix.people.actions.persons import create_person
now = clock.now()
atlas = create_organisation(name="Atlas", website="https://atlas.example/", now=now)
with tenancy.acting_for(atlas.pk):
    marc = create_person(organisation=atlas, email="marc@atlas.example", given_name="Marc", roles=["manager"], now=now)
    for number in range({INVITED}):
        invite_person(by=marc, email=f"new{{number}}@atlas.example", now=now)
"""
COUNT_SENT = """
from portevoix.people.models import Invitation
print(Invitation.unscoped.exclude(sent_at=None).count())
"""


@pytest.fixture(params=["embedded", "procrastinate"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    if request.param == "procrastinate" and connection.vendor != "postgresql":
        pytest.skip("Procrastinate lives on PostgreSQL: this runs in the suite's second pass")
    with installed(tmp_path, request.param) as there:
        yield there


def mails(place: Installation) -> Counter[str]:
    return Counter(re.findall(r"^To: (\S+)", place.log.read_text(), re.MULTILINE))


def test_several_workers_do_everything_once(place: Installation) -> None:
    place.run(MAKE)
    for _number in range(3):
        place.start_worker()

    place.wait_for("mails", seconds=40, until=lambda: len(mails(place)) == INVITED)
    time.sleep(1)

    assert set(mails(place).values()) == {1}
    assert place.run(COUNT_SENT).strip() == str(INVITED)


def test_what_becomes_due_while_workers_run_is_done(place: Installation) -> None:
    place.start_worker()
    place.wait_for("a sign of life", seconds=20, until=lambda: bool(place.run(SIGNS).strip()))

    place.run(MAKE)

    place.wait_for("mails", seconds=20, until=lambda: len(mails(place)) == INVITED)


SIGNS = """
from portevoix.core import clock
from portevoix.core.engines import signs
for sign in signs.alive(clock.now()):
    print(sign.engine)
"""


def test_worker_ends_within_ten_seconds_of_being_told(place: Installation) -> None:
    worker = place.start_worker()
    place.wait_for("a sign of life", seconds=20, until=lambda: bool(place.run(SIGNS).strip()))

    began = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    ended = worker.wait(20)

    assert (ended, time.monotonic() - began < 10) == (0, True)
    assert place.run(SIGNS).strip() == ""
