"""Publishing on a Mastodon server: one request with a key against doubles; found again by the share's own link.

The server reads the page behind the link and makes the card by itself: the link stays in the text.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks import incoming
from portevoix.networks.contract import Draft, Limits, Problem
from portevoix.networks.direct import Finding, Frozen, Grant, Key, Load, Prepared, Published, Terms
from portevoix.networks.failures import Absent, NetworkFailure, PrepareAgain
from portevoix.networks.mastodon import limits, media
from portevoix.networks.mastodon.answers import failure_of
from portevoix.networks.mastodon.composer import Mastodon
from portevoix.networks.mastodon.content import holds_link
from portevoix.networks.mastodon.registration import base_of
from portevoix.networks.oauth import bearer
from portevoix.networks.publishing import TextPublisher, counts, published, unreadable
from portevoix.networks.wire import Wire, json_of, object_of, text_at

MOST_PICTURES = 4
PAGE, MOST_PAGES = 40, 5
# Their clock and ours may not agree: what is looked for may seem an hour older than the approval.
CLOCKS_SECONDS = 3600
FIGURES = {
    "favourites_count": "likes",
    "reblogs_count": "reposts",
    "replies_count": "replies",
    "quotes_count": "quotes",
}


class MastodonPublisher(TextPublisher):
    """Words with their link, up to four pictures."""

    terms = Terms(grace_seconds=120.0, measures=True)
    composer = Mastodon()

    def problems(self, draft: Draft, limits: Limits) -> tuple[Problem, ...]:
        """What is wrong with the text under the server's own limits, and pictures that are too many."""
        found = super().problems(draft, limits)
        if len(draft.pictures) <= MOST_PICTURES:
            return found
        facts = {"count": len(draft.pictures), "limit": MOST_PICTURES}
        return (*found, Problem("too_many_pictures", facts))

    def freeze(self, draft: Draft, key: Key) -> Frozen:
        """The whole post, and since when to look for it."""
        return {
            "key": key.code,
            "at": key.at,
            "text": self.posted_text(draft),
            "link": draft.url,
            "language": draft.language.partition("-")[0].lower(),
            "pictures": [asdict(picture) for picture in draft.pictures[:MOST_PICTURES]],
        }

    def prepare(self, frozen: Frozen, grant: Grant, load: Load, wire: Wire) -> Prepared:
        """Uploads the pictures, each with its description."""
        return {"media_ids": [_uploaded(one, load, grant, wire) for one in frozen["pictures"]]}

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        """One request; the same key again within the hour is the same post, where a server honours keys."""
        media_ids = list(prepared.get("media_ids", ()))
        if len(media_ids) != len(frozen["pictures"]):  # never without what the person approved
            raise PrepareAgain
        headers = {**bearer(grant), "Idempotency-Key": frozen["key"]}
        data = _status(frozen, media_ids)
        answer = wire.write("POST", f"{base_of(grant.host)}/api/v1/statuses", headers=headers, data=data)
        if answer.status == 422 and media_ids and _are_gone(media_ids, grant, wire):
            raise PrepareAgain
        if answer.status not in (200, 201):
            raise failure_of(answer, grant, writing=True)
        if not text_at(object_of(answer), "id"):  # a yes that cannot be read
            raise unreadable(writing=True)
        return _published(object_of(answer))

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        """Looks for the link among the account's own statuses, back to the approval; keys may be forgotten by now."""
        if not frozen["link"]:
            return Finding.CANNOT_TELL
        oldest = ""
        for _page in range(MOST_PAGES):
            statuses = _page_of(grant, wire, before=oldest)
            for status in statuses:
                if holds_link(status, frozen["link"]):
                    return _published(status)
            if not statuses or _is_older(statuses[-1], frozen["at"] - CLOCKS_SECONDS):
                return Finding.ABSENT
            if (last := text_at(statuses[-1], "id")) in ("", oldest):
                break
            oldest = last
        return Finding.CANNOT_TELL

    def delete(self, post_id: str, frozen: Frozen, grant: Grant, wire: Wire) -> None:
        """Takes the status off; other servers are told, and mostly follow."""
        answer = wire.read("DELETE", _address(post_id, grant), headers=bearer(grant))
        if answer.status not in (200, 202, 204, 404, 410):
            raise failure_of(answer, grant)

    def read_figures(self, post_id: str, grant: Grant, wire: Wire) -> Mapping[str, int]:
        """Likes, reposts, replies and, where the server knows them, quotes: as far as news of them reached it."""
        answer = wire.read("GET", _address(post_id, grant), headers=bearer(grant))
        if answer.status in (404, 410):
            raise Absent
        found = object_of(answer)
        if answer.status != 200 or not text_at(found, "id"):
            raise failure_of(answer, grant)
        return counts(found, FIGURES)

    def read_limits(self, grant: Grant, wire: Wire) -> Limits | None:
        """The limits of the account's own server."""
        return limits.read_limits(grant.host, wire)


def _status(frozen: Frozen, media_ids: list[str]) -> dict[str, Any]:
    """What is sent, as JSON: written as a form, a mere `false` is refused by some servers."""
    status: dict[str, Any] = {"status": frozen["text"], "visibility": "public"}
    if frozen["language"]:
        status["language"] = frozen["language"]
    if media_ids:
        status["media_ids"] = media_ids
    return status


def _uploaded(one: Mapping[str, str], load: Load, grant: Grant, wire: Wire) -> str:
    picture = load(one["code"])
    return media.uploaded(picture, one["alt"] or picture.alt, grant, wire)


def _are_gone(media_ids: list[str], grant: Grant, wire: Wire) -> bool:
    """Whether a status was refused for pictures that are gone: the refusal itself is in the server's own language."""
    try:
        return not all(media.is_there(one, grant, wire) for one in media_ids)
    except NetworkFailure:
        return False


def _page_of(grant: Grant, wire: Wire, *, before: str) -> list[dict[str, Any]]:
    asked = {"limit": str(PAGE), "exclude_replies": "true", "exclude_reblogs": "true"}
    if before:
        asked["max_id"] = before
    url = f"{base_of(grant.host)}/api/v1/accounts/{quote(grant.account_id, safe='')}/statuses"
    answer = wire.read("GET", url, headers=bearer(grant), query=asked)
    if answer.status != 200:
        raise failure_of(answer, grant)
    return _statuses(answer)


def _statuses(answer: Answer) -> list[dict[str, Any]]:
    found = json_of(answer.content)
    if not isinstance(found, list):
        raise unreadable()
    return [one for one in found if isinstance(one, dict)]


def _is_older(status: Mapping[str, Any], moment: float) -> bool:
    """Whether a status was made before that moment; one that does not say is not."""
    made = incoming.moment_in(text_at(status, "created_at"))
    return made is not None and made < moment


def _address(post_id: str, grant: Grant) -> str:
    return f"{base_of(grant.host)}/api/v1/statuses/{quote(post_id, safe='')}"


def _published(status: Mapping[str, Any]) -> Published:
    return published(text_at(status, "id"), text_at(status, "url") or text_at(status, "uri"))
