"""Invitations: seven days, one open per address, one reminder, then silence."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from cast import Cast
from portevoix.core.errors import Refusal
from portevoix.people import jobs, tokens
from portevoix.people.actions import invitations
from portevoix.people.models import Account, Invitation, Participation, Person, TrailEntry
from portevoix.people.roles import Role
from working import send_due_invitations


def invite(cast: Cast, now: datetime, email: str = "Yasmine@Atlas.example", **facts: object) -> Invitation:
    return invitations.invite_person(by=cast.marc, email=email, now=now, **facts)  # type: ignore[arg-type]


def refusal_of(act: object, **facts: object) -> str:
    with pytest.raises(Refusal) as refused:
        act(**facts)  # type: ignore[operator]
    return refused.value.code


def test_invitation_is_mailed_once_by_the_worker(cast: Cast, now: datetime) -> None:
    row = invite(cast, now, language="ar")

    sent_counts = [send_due_invitations(now), send_due_invitations(now)]

    assert sent_counts == [1, 0]
    assert [letter.to for letter in mail.outbox] == [["yasmine@atlas.example"]]
    assert tokens.invitation_token(row) in mail.outbox[0].body
    assert 'dir="rtl"' in mail.outbox[0].alternatives[0].content


def test_invitation_is_reminded_once_after_48_hours_then_silence(cast: Cast, now: datetime) -> None:
    invite(cast, now)
    hours = [0, 47, 48, 49, 96, 160]

    sent_counts = [send_due_invitations(now + timedelta(hours=hour)) for hour in hours]

    assert sent_counts == [1, 0, 1, 0, 0, 0]


def test_accepted_invitation_is_not_reminded(cast: Cast, now: datetime) -> None:
    row = invite(cast, now)
    send_due_invitations(now)
    invitations.accept_invitation(invitation=row, given_name="Yasmine", now=now)

    sent_count = send_due_invitations(now + timedelta(hours=49))

    assert sent_count == 0


def test_failed_letter_keeps_its_error_and_is_tried_again(
    cast: Cast, now: datetime, settings: object
) -> None:
    row = invite(cast, now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]  # nobody listens there

    sent_count = send_due_invitations(now)

    row.refresh_from_db()
    assert sent_count == 0
    assert row.last_error != ""
    assert row.due_at is not None
    assert row.due_at > now
    assert row.sent_at is None


def test_accepting_makes_the_person_who_has_joined_with_the_same_tap(cast: Cast, now: datetime) -> None:
    row = invite(cast, now, team=cast.ana.team)

    person = invitations.accept_invitation(
        invitation=row, given_name="Yasmine", password="quatre mots sans lien", now=now
    )

    assert person.account.check_password("quatre mots sans lien")
    assert person.roles == {Role.AMBASSADOR}
    assert person.participation == Participation.JOINED
    assert person.team == cast.ana.team


def test_accepting_a_role_of_staff_joins_nothing(cast: Cast, now: datetime) -> None:
    row = invitations.invite_person(by=cast.driss, email="e@atlas.example", role=Role.EDITOR, now=now)

    person = invitations.accept_invitation(invitation=row, given_name="Élise", now=now)

    assert person.participation == Participation.NOT_JOINED


def test_accepting_never_changes_the_password_of_a_log_in_that_exists(cast: Cast, now: datetime) -> None:
    cast.otto.account.set_password("celui de Otto")
    cast.otto.account.save()
    row = invite(cast, now, email=cast.otto.account.email)

    person = invitations.accept_invitation(
        invitation=row, given_name="Otto", password="un autre mot", now=now
    )

    assert person.account == cast.otto.account
    assert Account.objects.get(pk=person.account_id).check_password("celui de Otto")


@pytest.mark.parametrize("how", ["accepted", "cancelled", "expired"])
def test_closed_invitation_lets_nobody_in(cast: Cast, now: datetime, how: str) -> None:
    row = invite(cast, now)
    later = now
    if how == "accepted":
        invitations.accept_invitation(invitation=row, given_name="Yasmine", now=now)
    elif how == "cancelled":
        invitations.cancel_invitation(invitation=row, by=cast.marc, now=now)
    else:
        later = now + timedelta(days=7)

    code = refusal_of(invitations.accept_invitation, invitation=row, given_name="Eve", now=later)

    assert code == "invalid_link"


def test_address_has_one_open_invitation(cast: Cast, now: datetime) -> None:
    invite(cast, now)

    code = refusal_of(invite, cast=cast, now=now, email="YASMINE@atlas.example")

    assert code == "already_invited"


def test_expired_invitation_makes_room_for_another(cast: Cast, now: datetime) -> None:
    invite(cast, now)

    again = invite(cast, now + timedelta(days=8))

    assert again.is_open(now + timedelta(days=8))


def test_someone_here_is_not_invited(cast: Cast, now: datetime) -> None:
    assert refusal_of(invite, cast=cast, now=now, email=cast.ana.account.email) == "already_here"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EDITOR, Role.CONSULTANT])
def test_manager_gives_no_role_of_power(cast: Cast, now: datetime, role: str) -> None:
    assert refusal_of(invite, cast=cast, now=now, role=role) == "role_not_yours"


@pytest.mark.parametrize(
    ("hours", "code"), [(1, "reminder_too_soon"), (47, "reminder_too_soon"), (50, "reminded_already")]
)
def test_reminder_is_refused_too_soon_and_twice(cast: Cast, now: datetime, hours: int, code: str) -> None:
    row = invite(cast, now)
    send_due_invitations(now)
    send_due_invitations(now + timedelta(hours=hours))

    refused = refusal_of(invitations.remind, invitation=row, by=cast.marc, now=now + timedelta(hours=hours))

    assert refused == code


def test_code_of_the_row_is_not_the_token(cast: Cast, now: datetime) -> None:
    row = invite(cast, now)

    assert refusal_of(tokens.invitation_code, token=row.code) == "invalid_link"
    assert refusal_of(tokens.invitation_code, token=f"{row.code}.forged") == "invalid_link"
    assert tokens.invitation_code(tokens.invitation_token(row)) == row.code


def test_unanswered_invitation_is_erased_a_month_after_it_ran_out(cast: Cast, now: datetime) -> None:
    invite(cast, now)

    erased_counts = [jobs.erase_old_invitations(now + timedelta(days=days)) for days in (36, 38)]

    assert erased_counts == [0, 1]


def test_invitation_leaves_its_lines_in_the_trail(cast: Cast, now: datetime) -> None:
    row = invite(cast, now)
    person = invitations.accept_invitation(invitation=row, given_name="Yasmine", now=now)

    acts = [(entry.act, entry.person) for entry in TrailEntry.objects.order_by("pk")]

    assert acts == [
        ("invite_person", cast.marc),
        ("create_person", None),
        ("grant_role", None),
        ("accept_invitation", person),
        ("join_programme", person),
    ]
    assert Person.objects.filter(account__email="yasmine@atlas.example").count() == 1
