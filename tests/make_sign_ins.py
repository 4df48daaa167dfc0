"""What people do to sign in at a network: begin, say yes there, come back, say yes here. Agora plays the network."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from agora_town import Town, account_of
from portevoix.core.errors import Refusal
from portevoix.people.models import Person
from portevoix.sharing.actions import signing_in
from portevoix.sharing.models import ConnectedAccount, SignInAttempt

PHONE, DESK = "mark of a phone", "mark of a desk"
Answer = dict[str, str]


def begin(
    person: Person, now: datetime, *, session: str = PHONE, network: str = "dummy", typed: str = ""
) -> str:
    """Begins a sign-in; where the browser is sent."""
    return signing_in.begin_sign_in(person=person, network=network, typed=typed, session=session, now=now)


def say_yes(town: Town, url: str, handle: str = "ana.belkadi") -> Answer:
    """The person says yes at Agora; what their browser brings back."""
    status, headers, _page = town.consent(url, answer="accept", account=account_of(town.agora, handle).id)
    assert status == 303
    return dict(parse_qsl(urlsplit(headers["Location"]).query))


def bring_back(
    person: Person,
    answer: Answer,
    now: datetime,
    *,
    session: str = PHONE,
    network: str = "dummy",
    host: str = "",
) -> SignInAttempt:
    return signing_in.come_back(
        person=person, network=network, host=host, answer=answer, session=session, now=now
    )


def confirm(person: Person, attempt: SignInAttempt, now: datetime, session: str = PHONE) -> ConnectedAccount:
    return signing_in.confirm_account(attempt=attempt, person=person, session=session, now=now)


def signed_in(town: Town, person: Person, now: datetime, handle: str = "ana.belkadi") -> SignInAttempt:
    """An attempt that waits for its person's yes."""
    return bring_back(person, say_yes(town, begin(person, now), handle), now)


def is_forgotten(town: Town, token: str) -> bool:
    """Whether Agora no longer knows that token."""
    return town.ask("/api/me", Authorization=f"Bearer {token}")[0] == 401


def refused(code: str) -> Any:
    """A refusal of that code, which is a whole sentence."""
    return pytest.raises(Refusal, match=rf"^{code}: [A-Z].*\.$")
