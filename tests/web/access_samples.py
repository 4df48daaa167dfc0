"""Objects of Atlas that the addresses of `access_table` are about, made through the real actions where there is one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from cast import Cast
from make_library import make_pillar, make_published_story, make_story
from make_posts import connect, plan
from portevoix.analytics.models import Export
from portevoix.editorial.actions.phrases import add_forbidden_phrase
from portevoix.library.actions.documents import set_document
from portevoix.library.actions.suggestions import suggest_story
from portevoix.library.models import Document, Picture, Source
from portevoix.links.actions.measuring import add_site
from portevoix.links.models import Card
from portevoix.people import tokens
from portevoix.people.actions import audiences, invitations, join_links
from portevoix.people.actions.api_tokens import create_api_token
from portevoix.people.models import Invitation, JoinLink
from portevoix.sharing.actions.company import share_for_company
from portevoix.sharing.actions.shares import share_story
from portevoix.sharing.actions.signing_in import hash_of
from portevoix.sharing.models import Share, SignInAttempt

Sample = Callable[[Cast, datetime], dict[str, Any]]


def code_of(make: Callable[[Cast, datetime], Any]) -> Sample:
    """The sample for an address that takes the code of what `make` makes."""
    return lambda cast, now: {"code": make(cast, now).code}


def an_invitation(cast: Cast, now: datetime) -> Invitation:
    return invitations.invite_person(by=cast.marc, email="new@atlas.example", now=now)


def a_join_link(cast: Cast, now: datetime) -> JoinLink:
    return join_links.open_join_link(by=cast.marc, now=now)


def a_picture(cast: Cast, now: datetime) -> Picture:
    story = make_published_story(cast.ines, now=now)  # of one that did not go out, strangers see nothing
    row = Picture(organisation=cast.atlas, story=story, width=1, height=1)
    row.file.save("a.jpg", ContentFile(b"jpeg"), save=False)
    row.save()
    return row


def a_card(cast: Cast, now: datetime) -> Card:
    row = Card(organisation=cast.atlas, subject="a", title="A", language="fr", page="https://a.example/")
    row.updated_at = now
    row.drawing.save("a.png", ContentFile(b"png"), save=False)
    row.save()
    return row


def an_export_of(name: str, kind: str) -> Sample:
    """A file that one of the cast asked for, ready."""

    def make(cast: Cast, now: datetime) -> Export:
        day = now.date()
        row = Export(organisation=cast.atlas, requested_by=getattr(cast, name), kind=kind, language="fr")
        row.since_on, row.until_on, row.created_at, row.ready_at = day, day, now, now
        row.state = Export.State.READY
        row.file.save("a.csv", ContentFile(b"a"), save=False)
        row.save()
        return row

    return code_of(make)


def invitation_token(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"token": tokens.invitation_token(an_invitation(cast, now))}


def join_token(cast: Cast, now: datetime) -> dict[str, Any]:
    asked = tokens.JoinRequest(a_join_link(cast, now).code, "new@atlas.example", "New", "", "fr")
    return {"token": tokens.join_token(asked, now=now)}


def sign_in_token(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"token": tokens.sign_in_token(cast.ana.account, now=now)}


def reset_key(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"uidb36": "1", "key": "set-password"}


def a_company_post(cast: Cast, now: datetime) -> Share:
    story = make_published_story(cast.ines, now=now)
    return share_for_company(
        person=cast.ines, story=story, channel="linkedin", text="Sur notre toit.", now=now
    )


invitation = code_of(an_invitation)
company_post = code_of(a_company_post)
join_link = code_of(a_join_link)
picture = code_of(a_picture)
card = code_of(a_card)
ana = code_of(lambda cast, now: cast.ana)
team = code_of(lambda cast, now: cast.ana.team)
pillar = code_of(lambda cast, now: make_pillar(cast.ines, "Solaire", now=now))
story = code_of(lambda cast, now: make_story(cast.ines, now=now))
# Nobody answers there: the address is one that the door refuses.
linked_story = code_of(lambda cast, now: make_story(cast.ines, link="http://127.0.0.1:9/a", now=now))
published_story = code_of(lambda cast, now: make_published_story(cast.ines, now=now))
story_of_chloe = code_of(lambda cast, now: make_story(cast.chloe, now=now))
suggestion = code_of(lambda cast, now: suggest_story(person=cast.ana, link="https://news.example/a", now=now))
source = code_of(
    lambda cast, now: Source.objects.create(
        organisation=cast.atlas, name="Gazette", address="http://127.0.0.1:9/feed", created_at=now
    )
)
audience = code_of(
    lambda cast, now: audiences.create_audience(
        organisation=cast.atlas, name="Sales", rule={}, by=cast.ines, now=now
    )
)
phrase = code_of(
    lambda cast, now: add_forbidden_phrase(
        organisation=cast.atlas, person=cast.ines, phrase="leader mondial", reason="Sans preuve.", now=now
    )
)
site = code_of(
    lambda cast, now: add_site(
        organisation=cast.atlas, by=cast.driss, address="https://www.atlas.example", now=now
    )
)
api_token = code_of(
    lambda cast, now: create_api_token(organisation=cast.atlas, by=cast.driss, name="CRM", now=now)[0]
)
share_of_ana = code_of(
    lambda cast, now: share_story(
        person=cast.ana,
        story=make_published_story(cast.ines, now=now),
        channel="copy",
        text="À lire, vraiment.",
        now=now,
    )
)


def a_network(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"key": "mastodon"}


def network_of_member(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"network": "mastodon"}


def network_with_passwords(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"network": "bluesky"}


def a_server(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"network": "mastodon", "host": "social.example"}


def an_attempt_of_ana(cast: Cast, now: datetime) -> SignInAttempt:
    row = SignInAttempt(organisation=cast.atlas, person=cast.ana, network="dummy", begun_at=now)
    row.state_hash, row.session_hash, row.stage = hash_of("state"), hash_of("session"), "waiting"
    row.identity = {"account_id": "ana", "handle": "@ana", "name": "Ana", "url": ""}
    row.sealed = row.seal({"grant": {}})
    row.save()
    return row


def a_post_of_ana(cast: Cast, now: datetime) -> Share:
    connect(cast.ana, now=now, network="mastodon", host="social.example")
    return plan(cast.ana, make_published_story(cast.ines, now=now), now=now, channel="mastodon").share


FAILED_CODE = "fa1ledwork22"


def failed_work(cast: Cast, now: datetime) -> dict[str, Any]:
    """An invitation whose mail could not leave; the address itself names nothing."""
    an_invitation(cast, now)
    Invitation.unscoped.update(code=FAILED_CODE, last_error="no answer")
    return {}


def a_document(cast: Cast, now: datetime) -> Document:
    story = make_story(cast.ines, now=now)
    return set_document(story=story, person=cast.ines, content=b"%PDF-1.7", title="a.pdf", now=now)


document = code_of(a_document)
attempt_of_ana = code_of(an_attempt_of_ana)
account_of_ana = code_of(lambda cast, now: connect(cast.ana, now=now))
post_of_ana = code_of(a_post_of_ana)
