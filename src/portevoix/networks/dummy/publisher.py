"""Publishing at Agora: one request with a key of its own; found again by the link it holds."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks.contract import Attachment, Draft
from portevoix.networks.direct import (
    Finding,
    Frozen,
    Grant,
    Key,
    Load,
    Prepared,
    Published,
    Terms,
)
from portevoix.networks.dummy.composer import Dummy
from portevoix.networks.dummy.sign_in import BASE
from portevoix.networks.failures import Absent, OutcomeUnknown, Refused, SignInAgain, TryLater
from portevoix.networks.oauth import bearer
from portevoix.networks.publishing import TextPublisher, counts, published, quoted
from portevoix.networks.wire import Wire, id_at, object_of, text_at

POSTS = f"{BASE}/api/posts"
FIGURES = {"views": "views", "likes": "likes", "reposts": "reposts", "replies": "replies"}


class DummyPublisher(TextPublisher):
    """A card carries the link; one picture at most."""

    terms = Terms(measures=True)
    composer = Dummy()
    carries_link = True

    def freeze(self, draft: Draft, key: Key) -> Frozen:
        """The whole post."""
        picture = _picture(draft)
        return {
            "key": key.code,
            "text": self.posted_text(draft),
            "language": draft.language,
            "link": draft.url,
            "title": draft.card.title if draft.card else "",
            "picture": picture.code if picture else "",
            "alt": picture.alt if picture else "",
        }

    def prepare(self, frozen: Frozen, grant: Grant, load: Load, wire: Wire) -> Prepared:
        """Uploads the picture, if there is one."""
        if not frozen["picture"]:
            return {}
        media = load(frozen["picture"])
        headers = {**bearer(grant), "Content-Type": media.media_type}
        answer = wire.read("POST", f"{BASE}/api/pictures", headers=headers, content=media.content)
        if answer.status != 201:
            raise _failure(answer, grant)
        return {"picture": id_at(object_of(answer), "id")}

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        """One request; the same key gives the same post, where Agora is in the mood to honour keys."""
        post: dict[str, Any] = {**frozen, "picture": prepared.get("picture", "")}
        headers = {**bearer(grant), "Idempotency-Key": frozen["key"]}
        answer = wire.write("POST", POSTS, headers=headers, data=post)
        found = object_of(answer)
        if answer.status in (200, 201):
            if not text_at(found, "id"):  # a yes that cannot be read
                raise OutcomeUnknown
            return _published(found)
        raise _failure(answer, grant)

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        """Looks for the link among the person's posts."""
        answer = wire.read("GET", POSTS, headers=bearer(grant), query={"link": frozen["link"]})
        if answer.status != 200:
            raise _failure(answer, grant)
        posts = object_of(answer).get("posts")
        if not isinstance(posts, list):
            raise TryLater(detail="an answer that cannot be read")
        return _published(posts[0]) if posts else Finding.ABSENT

    def delete(self, post_id: str, frozen: Frozen, grant: Grant, wire: Wire) -> None:
        """Takes the post off."""
        answer = wire.read("DELETE", _address(post_id), headers=bearer(grant))
        if answer.status not in (200, 204, 404):
            raise _failure(answer, grant)

    def read_figures(self, post_id: str, grant: Grant, wire: Wire) -> Mapping[str, int]:
        """Views, likes, reposts, replies."""
        answer = wire.read("GET", _address(post_id), headers=bearer(grant))
        if answer.status == 404:
            raise Absent
        if answer.status != 200:
            raise _failure(answer, grant)
        return counts(object_of(answer), FIGURES)


def _picture(draft: Draft) -> Attachment | None:
    if draft.card and draft.card.picture:
        return draft.card.picture
    return draft.pictures[0] if draft.pictures else None


def _address(post_id: str) -> str:
    return f"{POSTS}/{quote(post_id, safe='')}"


def _published(found: Any) -> Published:
    return published(text_at(found, "id"), text_at(found, "url"))


def _failure(answer: Answer, grant: Grant) -> Refused | SignInAgain:
    if answer.status == 401:
        return SignInAgain()
    words = quoted(text_at(object_of(answer), "error"), grant.access_token, grant.refresh_token)
    return Refused("refused_by_network", words or f"answer {answer.status}")
