"""Publishing at LinkedIn: the Posts API, which knows no key of ours but recognises a post that it holds already.

A post is one thing only: the company's post passed on, or a document, or a card, or pictures, or words alone, the first
that there is. The card is ours: LinkedIn reads no page for those who publish through its interface. A member may not
read their own posts there: after a lost answer the post is sent again, and LinkedIn says which one it is a duplicate of.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

from portevoix.networks import incoming
from portevoix.networks.contract import Card, Draft, Limits, Problem
from portevoix.networks.direct import (
    Finding,
    Frozen,
    Grant,
    Key,
    Load,
    Prepared,
    Published,
    Terms,
    without_link,
)
from portevoix.networks.failures import OutcomeUnknown, PrepareAgain
from portevoix.networks.linkedin import figures, little_text
from portevoix.networks.linkedin.answers import (
    POSTS,
    at_linkedin,
    failure_of,
    headers,
    post_address,
    public_url,
)
from portevoix.networks.linkedin.company_posts import company_post_urn
from portevoix.networks.linkedin.composer import LinkedIn
from portevoix.networks.linkedin.uploads import Kind, upload
from portevoix.networks.publishing import TextPublisher, published
from portevoix.networks.wire import Wire

MAX_PICTURES = 20
# Far more than a card shows: a page with an endless title must not cost a person their post.
LONGEST_TITLE = 200
LONGEST_SUMMARY = 400


class LinkedInPublisher(TextPublisher):
    """The person's own posts, for everybody to see."""

    terms = Terms(grace_seconds=120.0, measures=True)
    composer = LinkedIn()
    carries_link = True

    def problems(self, draft: Draft, limits: Limits) -> tuple[Problem, ...]:
        """What is wrong with the text, and pictures that are too many."""
        found = super().problems(draft, limits)
        if (count := len(draft.pictures)) > MAX_PICTURES:
            return (*found, Problem("too_many_pictures", {"count": count, "limit": MAX_PICTURES}))
        return found

    def freeze(self, draft: Draft, key: Key) -> Frozen:
        """The post without its author, and what is to be uploaded for it."""
        post: dict[str, Any] = {
            "commentary": little_text.written(self.posted_text(draft)),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if parent := company_post_urn(draft.company_post):
            return {"post": {**post, "reshareContext": {"parent": parent}}}
        if draft.document:
            return {"post": post, "document": asdict(draft.document)}
        if draft.card and draft.url:
            thumbnail = asdict(draft.card.picture) if draft.card.picture else None
            return {"post": post, "article": _article(draft.url, draft.card), "thumbnail": thumbnail}
        return {"post": post, "pictures": [asdict(picture) for picture in draft.pictures[:MAX_PICTURES]]}

    def prepare(self, frozen: Frozen, grant: Grant, load: Load, wire: Wire) -> Prepared:
        """Uploads the document, the card's picture, or the pictures."""
        wire = at_linkedin(wire)
        if document := frozen.get("document"):
            media = load(document["code"])
            title = document["title"] or media.name or self.composer.network.label
            return {"document": upload(Kind.DOCUMENT, media, grant, wire), "title": title}
        if thumbnail := frozen.get("thumbnail"):
            return {"thumbnail": upload(Kind.PICTURE, load(thumbnail["code"]), grant, wire)}
        pictures = frozen.get("pictures", ())
        return {"pictures": [upload(Kind.PICTURE, load(one["code"]), grant, wire) for one in pictures]}

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        """One request; the name of the post comes back in a header."""
        post = {"author": grant.account_id, **frozen["post"], **_content(frozen, prepared)}
        answer = at_linkedin(wire).write("POST", POSTS, headers=headers(grant), data=post)
        if answer.status != 201:
            raise failure_of(answer, grant, writing=True)
        urn = incoming.one_line(unquote(answer.headers.get("x-restli-id", "")))
        if not urn.startswith("urn:li:"):  # it was created, and we do not know what
            raise OutcomeUnknown
        return published(urn, public_url(urn))

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        """We may not look; LinkedIn refuses the same post twice, and names the first."""
        return Finding.SEND_AGAIN

    def delete(self, post_id: str, frozen: Frozen, grant: Grant, wire: Wire) -> None:
        """Takes the post off."""
        asked = {**headers(grant), "X-RestLi-Method": "DELETE"}
        answer = at_linkedin(wire).read("DELETE", post_address(post_id), headers=asked)
        if answer.status not in (200, 204, 404, 410):
            raise failure_of(answer, grant)

    def read_figures(self, post_id: str, grant: Grant, wire: Wire) -> Mapping[str, int]:
        """Impressions, members reached, reactions, comments and reshares, where LinkedIn opens them to the operator."""
        return figures.read_figures(post_id, grant, at_linkedin(wire))

    def _measured(self, draft: Draft) -> Draft:
        """A card carries the link only when the post is a card."""
        is_card = draft.card and not draft.document and not company_post_urn(draft.company_post)
        return without_link(draft) if is_card else draft


def _article(url: str, card: Card) -> dict[str, str]:
    article = {
        "source": url,
        "title": card.title[:LONGEST_TITLE],
        "description": card.summary[:LONGEST_SUMMARY],
    }
    return {name: value for name, value in article.items() if value}


def _content(frozen: Frozen, prepared: Prepared) -> dict[str, Any]:
    """What was uploaded, in its place in the post; refuses to leave out what the person approved."""
    try:
        if frozen.get("document"):
            return {"content": {"media": {"id": prepared["document"], "title": prepared["title"]}}}
        if article := frozen.get("article"):
            more = {"thumbnail": prepared["thumbnail"]} if frozen["thumbnail"] else {}
            return {"content": {"article": {**article, **more}}}
        approved = frozen.get("pictures", ())
        pictures = [_picture(prepared["pictures"][place], one["alt"]) for place, one in enumerate(approved)]
    except (KeyError, IndexError):
        raise PrepareAgain from None
    if len(pictures) == 1:
        return {"content": {"media": pictures[0]}}
    return {"content": {"multiImage": {"images": pictures}}} if pictures else {}


def _picture(urn: str, alt: str) -> dict[str, str]:
    return {"id": urn, "altText": alt} if alt else {"id": urn}
