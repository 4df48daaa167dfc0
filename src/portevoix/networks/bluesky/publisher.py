"""Publishing at Bluesky: one record put under its own key, if nothing lies there; found again by that key.

Sent twice or eight times at once, it is one record: the server compares, and we never draw another key.
"""

from collections.abc import Mapping
from typing import Any

from portevoix.core.outgoing import Answer
from portevoix.networks import incoming
from portevoix.networks.bluesky import records
from portevoix.networks.bluesky.answers import failure_of
from portevoix.networks.bluesky.client import POST
from portevoix.networks.bluesky.composer import Bluesky
from portevoix.networks.bluesky.server import Server, method_url, server_of
from portevoix.networks.contract import Draft, Limits, Problem
from portevoix.networks.direct import (
    Finding,
    Frozen,
    Grant,
    Key,
    Load,
    Media,
    Prepared,
    Published,
    Terms,
)
from portevoix.networks.failures import (
    Absent,
    Duplicate,
    NetworkFailure,
    PrepareAgain,
    Refused,
    Scope,
    TryLater,
)
from portevoix.networks.publishing import UNREADABLE, TextPublisher, counts, unreadable
from portevoix.networks.wire import Wire, id_at, object_of, text_at

# Whoever reads figures reads them here, without any key: servers do not count.
APPVIEW = "https://public.api.bsky.app"
FIGURES = {
    "likeCount": "likes",
    "repostCount": "reposts",
    "replyCount": "replies",
    "quoteCount": "quotes",
    "bookmarkCount": "bookmarks",
}


class BlueskyPublisher(TextPublisher):
    """A card carries the link; without a card, up to four pictures, and the link in the text."""

    terms = Terms(grace_seconds=120.0, measures=True)
    composer = Bluesky()
    carries_link = True

    def problems(self, draft: Draft, limits: Limits) -> tuple[Problem, ...]:
        """What is wrong with the text, and with the number of pictures."""
        found = super().problems(draft, limits)
        count = 0 if draft.card else len(draft.pictures)
        if count <= records.MOST_PICTURES:
            return found
        facts = {"count": count, "limit": records.MOST_PICTURES}
        return (*found, Problem("too_many_pictures", facts))

    def freeze(self, draft: Draft, key: Key) -> Frozen:
        """The record and its key."""
        return records.frozen_post(self.posted_text(draft), draft, key)

    def prepare(self, frozen: Frozen, grant: Grant, load: Load, wire: Wire) -> Prepared:
        """Uploads the pictures; the same bytes are the same picture, however often. A card goes without one too big."""
        server = Server(grant, wire)
        if code := frozen["thumb"]:
            media = load(code)
            return {"thumb": _uploaded(media, server, grant) if _fits(media, records.THUMB_BYTES) else None}
        if frozen["pictures"]:
            return {"pictures": [_embedded(one, load, server, grant) for one in frozen["pictures"]]}
        return {}

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        """Puts the record there, provided that nothing lies there; the same record again is no second one."""
        if not records.is_prepared(frozen, prepared):  # never without what the person approved
            raise PrepareAgain
        asked = {
            **_place(frozen["rkey"], grant),
            "swapRecord": None,
            "record": records.whole_record(frozen, prepared),
        }
        answer = Server(grant, wire).do("com.atproto.repo.putRecord", asked)
        if answer.status == 200:
            if text_at(object_of(answer), "uri") != records.uri_of(grant.account_id, frozen["rkey"]):
                raise unreadable(writing=True)
            return _published(frozen["rkey"], grant)
        if text_at(object_of(answer), "error") == "InvalidSwap":
            raise _taken(frozen, grant, wire)
        raise failure_of(answer, grant, writing=True)

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        """Looks under the record's key: anybody may, and the server answers for what it keeps."""
        record = _record(frozen["rkey"], grant, wire)
        if record is None:
            return Finding.ABSENT
        # Something else under our key: sending will say so, and touch nothing.
        return _published(frozen["rkey"], grant) if records.is_ours(record, frozen) else Finding.ABSENT

    def delete(self, post_id: str, frozen: Frozen, grant: Grant, wire: Wire) -> None:
        """Takes the record off."""
        asked = _place(post_id, grant)
        answer = Server(grant, wire).ask("POST", "com.atproto.repo.deleteRecord", data=asked)
        if answer.status != 200:
            raise failure_of(answer, grant)

    def read_figures(self, post_id: str, grant: Grant, wire: Wire) -> Mapping[str, int]:
        """Likes, reposts, replies, quotes, bookmarks; nothing while the post has not reached whoever counts them."""
        uri = records.uri_of(grant.account_id, post_id)
        answer = wire.read("GET", method_url(APPVIEW, "app.bsky.feed.getPosts"), query={"uris": uri})
        posts = object_of(answer).get("posts")
        if answer.status != 200 or not isinstance(posts, list):
            raise TryLater(detail=UNREADABLE)
        if posts and isinstance(posts[0], dict):
            return counts(posts[0], FIGURES)
        # Not counted yet and taken off look alike there: the account's own server knows.
        if _record(post_id, grant, wire) is None:
            raise Absent
        return {}


def _place(rkey: str, grant: Grant) -> dict[str, str]:
    return {"repo": grant.account_id, "collection": POST, "rkey": rkey}


def _published(rkey: str, grant: Grant) -> Published:
    return Published(rkey, records.url_of(grant.account_id, rkey))


def _record(rkey: str, grant: Grant, wire: Wire) -> object | None:
    """What lies under that key; None when the server says that nothing does."""
    url = method_url(server_of(grant), "com.atproto.repo.getRecord")
    answer = wire.read("GET", url, query=_place(rkey, grant))
    found = object_of(answer)
    if answer.status == 200 and "value" in found:
        value: object = found["value"]
        return value
    if text_at(found, "error") == "RecordNotFound":
        return None
    failure = failure_of(answer, grant)
    if isinstance(failure, Refused):  # says nothing of the post: the account sleeps, or has moved
        raise TryLater(scope=Scope.ACCOUNT, detail=failure.detail)
    raise failure


def _taken(frozen: Frozen, grant: Grant, wire: Wire) -> NetworkFailure:
    """What it means that something lies under our key: this very post, changed since by its author; hardly another."""
    record = _record(frozen["rkey"], grant, wire)
    if record is not None and records.is_ours(record, frozen):
        there = _published(frozen["rkey"], grant)
        return Duplicate(there.post_id, there.url)
    if record is not None:
        return Refused("key_taken")
    return TryLater(scope=Scope.ACCOUNT, detail="it was just taken off")


def _fits(media: Media, most: int) -> bool:
    return media.media_type.startswith("image/") and len(media.content) <= most


def _embedded(one: Mapping[str, str], load: Load, server: Server, grant: Grant) -> dict[str, Any]:
    media = load(one["code"])
    if not _fits(media, records.PICTURE_BYTES):
        raise Refused("picture_too_big")
    picture: dict[str, Any] = {"image": _uploaded(media, server, grant), "alt": one["alt"] or media.alt}
    if media.width and media.height:
        picture["aspectRatio"] = {"width": media.width, "height": media.height}
    return picture


def _uploaded(media: Media, server: Server, grant: Grant) -> dict[str, Any]:
    """The picture as the server names it."""
    headers = {"Content-Type": media.media_type}
    answer = server.ask("POST", "com.atproto.repo.uploadBlob", headers=headers, content=media.content)
    if answer.status == 413:
        raise Refused("picture_too_big")
    if answer.status != 200:
        raise failure_of(answer, grant)
    return _blob(answer)


def _blob(answer: Answer) -> dict[str, Any]:
    """The blob in an answer: what we know of it and nothing else, for it is kept, and published."""
    found = object_of(answer).get("blob")
    link, kind, size = id_at(found, "ref", "$link"), id_at(found, "mimeType"), _size(found)
    if not link or not kind or size is None:
        raise TryLater(detail=UNREADABLE)
    return {"$type": "blob", "ref": {"$link": link}, "mimeType": kind, "size": size}


def _size(found: Any) -> int | None:
    return incoming.whole(found.get("size")) if isinstance(found, dict) else None
