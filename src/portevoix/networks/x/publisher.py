"""Publishing at X: one request, each of them paid for; found again by the link, which is one person's alone.

X reads the page behind the link and makes its card by itself: the link stays in the text. A second post with the same
words is refused, without saying which was the first.
"""

import html
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks.contract import Draft, Limits, Problem
from portevoix.networks.direct import Finding, Frozen, Grant, Key, Load, Prepared, Published, Terms
from portevoix.networks.failures import Absent, OutcomeUnknown, PrepareAgain
from portevoix.networks.oauth import bearer
from portevoix.networks.publishing import TextPublisher, counts, published, unreadable
from portevoix.networks.wire import Wire, object_of, prose_at, text_at
from portevoix.networks.x import prices
from portevoix.networks.x.answers import API, at_x, failure_of
from portevoix.networks.x.composer import X
from portevoix.networks.x.uploads import upload

POSTS = f"{API}/tweets"
MAX_PICTURES = 4
# X and we may not agree on the hour: what is looked for is a little older than the approval.
CLOCKS_SECONDS = 3600
# As many as X gives at once. Further back it would be asked, and paid, again and again: the person is asked instead.
PAGE = 100
# X renamed posts and reposts in August 2026, and both names are still met.
FIELDS = ("post.fields", "tweet.fields")
FIGURES = {
    "impression_count": "impressions",
    "like_count": "likes",
    "retweet_count": "reposts",
    "repost_count": "reposts",
    "reply_count": "replies",
    "quote_count": "quotes",
    "bookmark_count": "bookmarks",
}


class XPublisher(TextPublisher):
    """Words with their link, four pictures at most."""

    # A look is paid by the post that it shows: few people write more than ten between an approval and a doubt.
    terms = Terms(
        measures=True,
        costs=True,
        look_micros=10 * prices.READ,
        read_micros=prices.READ,
        delete_micros=prices.DELETE,
    )
    composer = X()

    def problems(self, draft: Draft, limits: Limits) -> tuple[Problem, ...]:
        """What is wrong with the text, and pictures that are too many."""
        found = super().problems(draft, limits)
        if (count := len(draft.pictures)) > MAX_PICTURES:
            return (*found, Problem("too_many_pictures", {"count": count, "limit": MAX_PICTURES}))
        return found

    def freeze(self, draft: Draft, key: Key) -> Frozen:
        """The whole post. X wants to be told when a reward is at stake."""
        return {
            "text": self.posted_text(draft),
            "link": draft.url,
            "at": key.at,
            "pictures": [asdict(picture) for picture in draft.pictures[:MAX_PICTURES]],
            "paid_partnership": draft.is_rewarded,
        }

    def prepare(self, frozen: Frozen, grant: Grant, load: Load, wire: Wire) -> Prepared:
        """Uploads the pictures."""
        wire = at_x(wire)
        return {
            "media_ids": [upload(load(one["code"]), one["alt"], grant, wire) for one in frozen["pictures"]]
        }

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        """One request."""
        answer = at_x(wire).write("POST", POSTS, headers=bearer(grant), data=_post(frozen, prepared))
        if answer.status not in (200, 201):
            raise failure_of(answer, grant, writing=True)
        if not (post_id := text_at(object_of(answer), "data", "id")):  # a yes that cannot be read
            raise OutcomeUnknown
        return _published(post_id)

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        """Looks for the link, or the very words, among the person's posts since; each of them read is paid for."""
        asked = {"max_results": str(PAGE), "start_time": _moment(frozen["at"] - CLOCKS_SECONDS)}
        address = f"{API}/users/{quote(grant.account_id, safe='')}/tweets"
        answer = _ask_for(address, "entities,text", asked, grant, at_x(wire))
        if answer.status != 200:
            raise failure_of(answer, grant)
        found = object_of(answer)
        posts = found.get("data", [] if "meta" in found else None)  # without any post there is only the meta
        if not isinstance(posts, list):
            raise unreadable()
        ours = [post for post in posts if isinstance(post, dict) and _is(post, frozen)]
        if ours:
            return _published(text_at(ours[0], "id"))
        has_more = len(posts) >= PAGE or bool(text_at(found, "meta", "next_token"))
        return Finding.CANNOT_TELL if has_more else Finding.ABSENT

    def delete(self, post_id: str, frozen: Frozen, grant: Grant, wire: Wire) -> None:
        """Takes the post off."""
        answer = at_x(wire).read("DELETE", _address(post_id), headers=bearer(grant))
        if answer.status not in (200, 204, 404):
            raise failure_of(answer, grant)

    def read_figures(self, post_id: str, grant: Grant, wire: Wire) -> Mapping[str, int]:
        """Impressions, likes, reposts, replies, quotes, bookmarks."""
        answer = _ask_for(_address(post_id), "public_metrics", {}, grant, at_x(wire))
        found = object_of(answer)
        if answer.status == 404 or text_at(found, "errors", 0, "type").endswith("/resource-not-found"):
            raise Absent
        if answer.status != 200:
            raise failure_of(answer, grant)
        post = found.get("data")
        metrics = post.get("public_metrics") if isinstance(post, dict) else None
        if not isinstance(metrics, dict):
            raise unreadable()
        return counts(metrics, FIGURES)

    def cost_micros(self, frozen: Frozen) -> int:
        """The price of the post and of each description of a picture."""
        described = [picture for picture in frozen["pictures"] if picture["alt"]]
        return prices.price_of_post(frozen["text"], alt_texts=len(described))


def _post(frozen: Frozen, prepared: Prepared) -> dict[str, Any]:
    post: dict[str, Any] = {"text": frozen["text"]}
    media_ids = list(prepared.get("media_ids", ()))
    if len(media_ids) != len(frozen["pictures"]):  # never without what the person approved
        raise PrepareAgain
    if media_ids:
        post["media"] = {"media_ids": media_ids}
    if frozen["paid_partnership"]:
        post["paid_partnership"] = True
    return post


def _ask_for(address: str, fields: str, asked: dict[str, str], grant: Grant, wire: Wire) -> Answer:
    """Asks by the new name of the fields, then, where X knows it not, by the old one."""
    new, old = FIELDS
    answer = wire.read("GET", address, headers=bearer(grant), query={**asked, new: fields})
    if answer.status == 400 and new.encode() in answer.content:
        return wire.read("GET", address, headers=bearer(grant), query={**asked, old: fields})
    return answer


def _is(post: Mapping[str, Any], frozen: Frozen) -> bool:
    """Whether it is our post: X shortens links in the text and writes them in full beside it."""
    text, link = html.unescape(prose_at(post, "text")), frozen["link"]
    if not link:
        return bool(text == frozen["text"])
    entities = post.get("entities")
    urls = entities.get("urls") if isinstance(entities, dict) else None
    listed = urls if isinstance(urls, list) else ()
    return link in text or any(text_at(url, "expanded_url") == link for url in listed)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(max(seconds, 0), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _address(post_id: str) -> str:
    return f"{POSTS}/{quote(post_id, safe='')}"


def _published(post_id: str) -> Published:
    return published(post_id, f"https://x.com/i/web/status/{quote(post_id, safe='')}")
