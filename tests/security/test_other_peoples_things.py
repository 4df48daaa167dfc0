"""Attacks on what is somebody else's: pictures that stay inside, exports, drafts, sheets, roles."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from cast import Cast
from make_library import make_published_story, make_story
from make_sharing import make_share
from portevoix.analytics.models import Export
from portevoix.core import clock, tenancy
from portevoix.library.models import Caption, Picture, Story, StoryState
from portevoix.people.actions.roles import revoke_role
from portevoix.people.models import Invitation, Person, RoleGrant
from portevoix.sharing import tokens
from portevoix.sharing.models import Share, ShareDraft
from working import prepare_due_exports

Browse = Callable[[Person], Client]


def picture_of(story: Story) -> Picture:
    row = Picture(organisation_id=story.organisation_id, story=story, width=1, height=1)
    row.file.save("a.jpg", ContentFile(b"jpeg"))
    return row


@pytest.mark.parametrize("kept_inside", ["draft", "internal"])
def test_picture_of_a_story_that_stays_inside_is_for_the_organisation_alone(
    cast: Cast, browse: Browse, now: datetime, kept_inside: str
) -> None:
    internal = make_published_story(cast.ines, now=now, title="Interne", is_internal=True)
    story = make_story(cast.ines, now=now) if kept_inside == "draft" else internal
    address = f"/pictures/{picture_of(story).code}"

    answers = {
        who: client.get(address)
        for who, client in (("stranger", Client()), ("otto", browse(cast.otto)), ("ana", browse(cast.ana)))
    }

    assert {who: answer.status_code for who, answer in answers.items()} == {
        "stranger": 404,
        "otto": 404,
        "ana": 200,
    }
    assert answers["ana"].headers["Cache-Control"].startswith("private")


def test_export_of_the_programme_closes_with_the_role_that_asked_for_it(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    client = browse(cast.ines)
    days = {"kind": "overview", "since_on": "2026-11-01", "until_on": "2026-11-20"}
    client.post("/studio/exports", days)
    with tenancy.acting_for(None):
        prepare_due_exports(clock.now())
    code = Export.objects.get().code
    before = client.get(f"/results/exports/{code}/file").status_code

    revoke_role(person=cast.ines, role="editor", by=cast.driss, now=now)

    addresses = [f"/results/exports/{code}/file", f"/studio/exports/{code}/file"]
    assert before == 200
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_export_of_a_colleague_is_not_found(cast: Cast, browse: Browse) -> None:
    browse(cast.ana).post("/results/export")
    code = Export.objects.get().code

    assert browse(cast.marc).get(f"/results/exports/{code}/file").status_code == 404
    assert browse(cast.marc).post(f"/studio/exports/{code}/erase").status_code == 404
    assert Export.objects.count() == 1


def test_share_of_a_colleague_is_neither_opened_nor_taken_back(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    share = make_share(cast.ana, make_published_story(cast.ines, now=now), now=now)
    noor = browse(cast.noor)

    answers = [
        noor.get(f"/shares/{share.code}/thanks").status_code,
        noor.post(f"/shares/{share.code}/take-back").status_code,
    ]

    assert answers == [404, 404]
    assert Share.objects.get().state == "declared"


@pytest.mark.parametrize("stolen", ["of a colleague", "of another story", "made up"])
def test_share_sheet_refuses_a_token_that_is_not_its_own(cast: Cast, browse: Browse, stolen: str) -> None:
    now = clock.now()
    story, other = (make_published_story(cast.ines, now=now, title=title) for title in ("Une", "Autre"))
    token = {
        "of a colleague": tokens.new_token(cast.noor, story),
        "of another story": tokens.new_token(cast.ana, other),
        "made up": "a:b:c",
    }[stolen]
    words = {"channel": "linkedin", "text": "Mes mots à moi.", "token": token, "language": "fr"}

    answer = browse(cast.ana).post(f"/stories/{story.code}/share", words)

    assert answer.status_code == 422
    assert "Mes mots à moi." in answer.content.decode()
    assert Share.objects.count() == 0


def test_two_taps_on_share_are_one_share(cast: Cast, browse: Browse) -> None:
    story = make_published_story(cast.ines, now=clock.now())
    words = {"channel": "linkedin", "text": "Mes mots à moi.", "language": "fr"}
    words["token"] = tokens.new_token(cast.ana, story)
    client = browse(cast.ana)

    for _tap in range(2):
        client.post(f"/stories/{story.code}/share", words)

    assert Share.objects.count() == 1


def test_contributor_publishes_by_no_direct_post(cast: Cast, browse: Browse, now: datetime) -> None:
    story = make_story(cast.chloe, now=now)
    client = browse(cast.chloe)
    form = {
        "title": "x",
        "confirm_destination": "yes",
        "confirm_phrases": "yes",
        "publish_at": "2030-01-01T09:00",
    }

    for act in ("publish", "schedule", "extend"):
        client.post(f"/studio/library/{story.code}", {**form, "expires_on": "2030-01-01", "act": act})

    assert Story.objects.get().state == StoryState.DRAFT


def test_contributor_writes_no_caption_of_a_colleagues_story(
    cast: Cast, browse: Browse, now: datetime
) -> None:
    own, others = make_story(cast.chloe, now=now), make_story(cast.ines, now=now, title="À Ines")
    target = Caption.objects.get(story=others)
    client = browse(cast.chloe)

    client.post(f"/studio/library/{own.code}", {"title": "x", f"caption-{target.code}": "détourné"})
    removed = client.post(
        f"/studio/library/{own.code}", {"title": "x", "act": f"remove_caption:{target.code}"}
    )

    assert removed.status_code == 404
    assert Caption.objects.get(pk=target.pk).text == "Un toit qui travaille."


def test_fields_that_no_form_has_change_nothing(cast: Cast, browse: Browse, now: datetime) -> None:
    story = make_story(cast.chloe, now=now)
    forged = {"title": "x", "state": "published", "organisation": cast.other.pk, "author": cast.ines.pk}
    forged |= {"published_at": "2026-01-01", "suggested_by": cast.ines.pk, "link": "https://evil.example/"}

    browse(cast.chloe).post(f"/studio/library/{story.code}", forged)
    browse(cast.ana).post(
        "/me/reading",
        {"given_name": "Ana", "language": "fr", "time_zone": "Africa/Casablanca", "team": cast.noor.team.code}
        | {"is_active": "", "participation": "left", "organisation": cast.other.pk, "country": "FR"},
    )

    fresh, ana = Story.objects.get(), Person.objects.get(pk=cast.ana.pk)
    assert (fresh.state, fresh.author, fresh.link, fresh.organisation) == (
        "draft",
        cast.chloe,
        "",
        cast.atlas,
    )
    assert (ana.team, ana.country, ana.participation) == (cast.ana.team, "MA", "joined")


@pytest.mark.parametrize("role", ["administrator", "editor", "manager", "consultant", "owner"])
def test_manager_hands_out_no_more_than_taking_part(cast: Cast, browse: Browse, role: str) -> None:
    words = {
        "emails": "eve@evil.example",
        "role": role,
        "role_ends_on": "2030-01-01",
        "language": "fr",
        "team": "",
    }

    browse(cast.marc).post("/studio/ambassadors", words)

    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("name", ["ines", "marc", "salma", "ana", "lea"])
def test_nobody_but_an_administrator_gives_a_role(cast: Cast, browse: Browse, name: str) -> None:
    person = getattr(cast, name)

    answer = browse(person).post(f"/admin/people/{person.code}/roles", {"role": "administrator"})

    assert answer.status_code == 404
    assert RoleGrant.objects.filter(role="administrator").count() == 1


def test_last_administrator_neither_leaves_nor_gives_an_end_to_the_role(cast: Cast, browse: Browse) -> None:
    client, address = browse(cast.driss), f"/admin/people/{cast.driss.code}"

    client.post(f"{address}/end")
    client.post(f"{address}/roles/end", {"role": "administrator"})
    client.post(f"{address}/roles", {"role": "administrator", "ends_on": "2030-01-01"})

    driss = Person.objects.get(pk=cast.driss.pk)
    grant = RoleGrant.objects.get(person=driss, role="administrator")
    assert (driss.is_active, grant.ends_on) == (True, None)


def test_organisation_switcher_opens_no_foreign_organisation(cast: Cast, browse: Browse) -> None:
    client = browse(cast.ana)

    answer = client.post("/organisation/switch", {"organisation": cast.other.code})

    session = client.session
    session["organisation"] = cast.other.code
    session.save()
    assert answer.status_code == 404
    assert client.get("/me").context["organisation"] == cast.atlas


def test_draft_of_a_colleague_is_never_shown(cast: Cast, browse: Browse) -> None:
    story = make_published_story(cast.ines, now=clock.now())
    browse(cast.ana).post(f"/stories/{story.code}/draft", {"text": "Confidence à moi-même"})

    page = browse(cast.noor).get(f"/stories/{story.code}/share").content.decode()

    assert ShareDraft.objects.get().person == cast.ana
    assert "Confidence" not in page
