"""A person is told each thing once, in one letter, and never in their evenings, nights and days off."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from cast import Cast
from portevoix.core import clock, work
from portevoix.notifications.actions import drop, tell
from portevoix.notifications.jobs import MOST_AT_ONCE, NOTICES, erase_old_notices
from portevoix.notifications.kinds import all_kinds
from portevoix.notifications.models import Notice
from portevoix.notifications.privacy import erase_person, export_person
from portevoix.people.models import Person

FACTS = {"network": "Agora"}


def tell_of(person: Person, now: datetime, key: str = "post:1", kind: str = "post_refused") -> Notice:
    return tell(person=person, kind=kind, key=key, path=f"/shares/{key[-1]}/thanks", facts=FACTS, now=now)


def test_notice_is_mailed_with_a_way_to_act(cast: Cast, now: datetime) -> None:
    tell_of(cast.ana, now)

    work.work_through(NOTICES, now)

    (letter,) = mail.outbox
    assert letter.to == [cast.ana.account.email]
    assert "Agora" in letter.subject
    assert "/shares/1/thanks" in letter.body


def test_same_thing_is_told_once(cast: Cast, now: datetime) -> None:
    for _each in range(3):
        tell_of(cast.ana, now)
        work.work_through(NOTICES, now)
        now += timedelta(hours=1)

    assert len(mail.outbox) == 1


def test_things_that_wait_are_told_in_one_letter_of_six_at_most(cast: Cast, now: datetime) -> None:
    for number in range(MOST_AT_ONCE + 2):
        tell_of(cast.ana, now, key=f"post:{number}")
    tell_of(cast.noor, now)

    work.work_through(NOTICES, now)

    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [cast.ana.account.email, cast.ana.account.email, cast.noor.account.email]
    )
    assert mail.outbox[0].body.count("Agora") == MOST_AT_ONCE
    assert not Notice.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize(
    ("wall", "allowed"),
    [
        ("2026-11-24T09:00", "2026-11-24T09:00"),
        ("2026-11-24T18:59", "2026-11-24T18:59"),
        ("2026-11-24T19:00", "2026-11-25T08:00"),
        ("2026-11-25T03:00", "2026-11-25T08:00"),
        ("2026-11-27T20:00", "2026-11-30T08:00"),  # over the week's end
        ("2026-11-18T10:00", "2026-11-19T08:00"),  # Independence Day in Morocco
    ],
)
def test_nobody_is_disturbed_when_they_rest(cast: Cast, wall: str, allowed: str) -> None:
    at = clock.resolve(datetime.fromisoformat(wall), "Africa/Casablanca")

    notice = tell_of(cast.ana, at)

    assert notice.due_at == clock.resolve(datetime.fromisoformat(allowed), "Africa/Casablanca")


def test_what_is_no_longer_worth_telling_is_dropped(cast: Cast, now: datetime) -> None:
    tell_of(cast.ana, now, key="post:1")
    tell_of(cast.ana, now, key="other:2")

    drop(person=cast.ana, key_prefix="post:", now=now)
    work.work_through(NOTICES, now)

    assert len(mail.outbox) == 1
    assert "/shares/2/thanks" in mail.outbox[0].body


def test_who_left_hears_nothing(cast: Cast, now: datetime) -> None:
    tell_of(cast.ana, now)
    Person.objects.filter(pk=cast.ana.pk).update(is_active=False)

    work.work_through(NOTICES, now)

    assert mail.outbox == []
    assert Notice.objects.get().dropped_at == now


class Broken(BaseEmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise OSError("no route to the mail server")


def test_mail_server_that_is_away_delays_and_loses_nothing(cast: Cast, settings: Any, now: datetime) -> None:
    notice = tell_of(cast.ana, now)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Broken"

    work.work_through(NOTICES, now)

    notice.refresh_from_db()
    assert notice.sent_at is None
    assert notice.due_at is not None
    assert notice.due_at > now
    settings.EMAIL_BACKEND = working
    work.work_through(NOTICES, notice.due_at)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_every_kind_is_said_whole_in_every_language(cast: Cast, now: datetime, language: str) -> None:
    cast.ana.account.language = language
    cast.ana.account.save()
    facts = {"network": "Agora", "day": "2026-12-01"}
    for kind in all_kinds():
        tell(person=cast.ana, kind=kind.key, key=kind.key, path="/me/accounts", facts=facts, now=now)
        work.work_through(NOTICES, now)

    assert len(mail.outbox) == len(all_kinds()) > 0
    for letter in mail.outbox:
        assert "%(" not in letter.subject + letter.body
        assert "Agora" in letter.subject


def test_notices_are_handed_over_and_erased_with_the_person(cast: Cast, now: datetime) -> None:
    tell_of(cast.ana, now)

    assert export_person(cast.ana)["notices"][0]["about"] == "post_refused"
    assert erase_person(cast.ana) == 1


def test_notices_are_forgotten_after_three_months(cast: Cast, now: datetime) -> None:
    tell_of(cast.ana, now)
    work.work_through(NOTICES, now)

    assert erase_old_notices(now + timedelta(days=89)) == 0
    assert erase_old_notices(now + timedelta(days=91)) == 1
