"""Publishing at Threads: the post is laid out first (a container), then published, and a container is published once.

So a post whose answer was lost is found by its container, and the same container may be sent again without fear. Meta
fetches pictures from a public address, which we do not have: only words, with a link attached where there is a card. A
container that nobody published is gone after a day, or sometimes at once: `PrepareAgain`.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks import links
from portevoix.networks.contract import Draft, Limits, Problem
from portevoix.networks.direct import Finding, Frozen, Grant, Key, Load, Prepared, Published, Terms
from portevoix.networks.failures import (
    Absent,
    NetworkFailure,
    OperatorMust,
    OutcomeUnknown,
    PrepareAgain,
    Refused,
)
from portevoix.networks.publishing import TextPublisher, counts, unreadable
from portevoix.networks.threads.answers import API, at_threads, failure_of, is_gone
from portevoix.networks.threads.composer import Threads
from portevoix.networks.wire import Wire, object_of, text_at

METRICS = ("views", "likes", "replies", "reposts", "quotes")
DEAD = ("EXPIRED", "ERROR")
ALIVE = ("FINISHED", "IN_PROGRESS")
# Threads and we may not agree on the hour: what is looked for is a little older than the approval.
CLOCKS_SECONDS = 3600
LAST_POSTS = "100"
# A post that Threads says is published and does not show: known by its container alone, which is not its identifier.
UNNAMED = "container:"


class ThreadsPublisher(TextPublisher):
    """Words; a card's link is attached to them."""

    terms = Terms(measures=True)
    composer = Threads()
    carries_link = True

    def problems(self, draft: Draft, limits: Limits) -> tuple[Problem, ...]:
        """What is wrong with the text; an attached link counts among the links."""
        found = super().problems(draft, limits)
        count = len({*links.LINK.findall(self.posted_text(draft)), *filter(None, [draft.url])})
        if limits.max_links is None or count <= limits.max_links:
            return found
        others = [problem for problem in found if problem.code != "too_many_links"]
        facts = {"length": count, "limit": limits.max_links, "excess": count - limits.max_links}
        return (*others, Problem("too_many_links", facts))

    def freeze(self, draft: Draft, key: Key) -> Frozen:
        """The words and the link, attached or among them."""
        return {
            "text": self.posted_text(draft),
            "link": draft.url,
            "is_attached": bool(draft.url and draft.card),
            "at": key.at,
        }

    def prepare(self, frozen: Frozen, grant: Grant, load: Load, wire: Wire) -> Prepared:
        """Lays the post out; nobody sees it yet."""
        attached = {"link_attachment": frozen["link"]} if frozen["is_attached"] else {}
        form = {"media_type": "TEXT", "text": frozen["text"], **attached, **_token(grant)}
        answer = at_threads(wire).read("POST", f"{_account(grant)}/threads", form=form)
        if answer.status != 200:
            raise failure_of(answer, grant)
        if not (container := text_at(object_of(answer), "id")):
            raise unreadable()
        return {"container": container}

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        """Publishes the container, by one request; then asks where the post is seen, which may fail."""
        if not (container := prepared.get("container", "")):
            raise PrepareAgain
        wire = at_threads(wire)
        form = {"creation_id": container, **_token(grant)}
        answer = wire.write("POST", f"{_account(grant)}/threads_publish", form=form)
        if answer.status != 200:
            failure = failure_of(answer, grant, writing=True)
            # A container that is gone was not published, or was by a try before this one.
            if isinstance(failure, PrepareAgain) and (found := self._found(frozen, prepared, grant, wire)):
                return found
            raise failure
        if not (post_id := text_at(object_of(answer), "id")):
            raise OutcomeUnknown
        return Published(post_id, _where(post_id, grant, wire))

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        """Asks what became of the container, then looks for the post, which has another identifier.

        A container that is dead was not published: `ABSENT` as well, and sending it will say `PrepareAgain`.
        """
        wire = at_threads(wire)
        container = prepared.get("container", "")
        status = _status(container, grant, wire) if container else "FINISHED"
        if status in DEAD:
            return Finding.ABSENT
        if found := self._among_last_posts(frozen, grant, wire):
            return found
        if status == "PUBLISHED":
            return Published(f"{UNNAMED}{container}")
        return Finding.ABSENT if status in ALIVE else Finding.CANNOT_TELL

    def delete(self, post_id: str, frozen: Frozen, grant: Grant, wire: Wire) -> None:
        """Takes the post off; a hundred a day at most."""
        if post_id.startswith(UNNAMED):
            post_id = self._named_at_last(frozen, grant, at_threads(wire))
        answer = at_threads(wire).read("DELETE", _address(post_id), query=_token(grant))
        if answer.status != 200 and not is_gone(answer):
            raise failure_of(answer, grant)

    def read_figures(self, post_id: str, grant: Grant, wire: Wire) -> Mapping[str, int]:
        """Views, likes, replies, reposts, quotes; nothing without the permission."""
        if post_id.startswith(UNNAMED):
            return {}
        asked = {"metric": ",".join(METRICS), **_token(grant)}
        answer = at_threads(wire).read("GET", f"{_address(post_id)}/insights", query=asked)
        if is_gone(answer):
            raise Absent
        if answer.status != 200:
            failure = failure_of(answer, grant)
            if isinstance(failure, OperatorMust):
                return {}
            raise failure
        return counts(_figures(answer), {metric: metric for metric in METRICS})

    def _found(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | None:
        found = self.find(frozen, prepared, grant, wire)
        return found if isinstance(found, Published) else None

    def _named_at_last(self, frozen: Frozen, grant: Grant, wire: Wire) -> str:
        if found := self._among_last_posts(frozen, grant, wire):
            return found.post_id
        raise Refused("post_not_shown")  # never "taken off" what we could not find

    def _among_last_posts(self, frozen: Frozen, grant: Grant, wire: Wire) -> Published | None:
        fields = "id,permalink,text,link_attachment_url,timestamp"
        asked = {"fields": fields, "limit": LAST_POSTS, **_token(grant)}
        answer = wire.read("GET", f"{_account(grant)}/threads", query=asked)
        if answer.status != 200:
            raise failure_of(answer, grant)
        posts = object_of(answer).get("data")
        if not isinstance(posts, list):
            raise unreadable()
        ours = next((post for post in posts if isinstance(post, dict) and _is(post, frozen)), None)
        return Published(text_at(ours, "id"), text_at(ours, "permalink")) if ours else None


def _is(post: Mapping[str, Any], frozen: Frozen) -> bool:
    """Whether it is our post: by its link, one person's alone; by its words, of late, where it has none."""
    text, link = text_at(post, "text"), frozen["link"]
    if link:
        return link in text or text_at(post, "link_attachment_url") == link
    is_of_late = _seconds(text_at(post, "timestamp")) >= frozen["at"] - CLOCKS_SECONDS
    return bool(is_of_late and text == frozen["text"])


def _seconds(timestamp: str) -> float:
    try:
        return datetime.fromisoformat(timestamp).timestamp()
    except ValueError:
        return 0.0


def _status(container: str, grant: Grant, wire: Wire) -> str:
    """What became of a container; empty when Threads does not know it any more."""
    asked = {"fields": "status,error_message", **_token(grant)}
    answer = wire.read("GET", _address(container), query=asked)
    if answer.status == 200 and (status := text_at(object_of(answer), "status")):
        return status
    failure = failure_of(answer, grant)
    if is_gone(answer) or isinstance(failure, Refused):
        return ""
    raise failure


def _where(post_id: str, grant: Grant, wire: Wire) -> str:
    """Where the post is seen; empty when Threads does not say, for the post is there all the same."""
    with suppress(NetworkFailure):
        asked = {"fields": "permalink", **_token(grant)}
        return text_at(object_of(wire.read("GET", _address(post_id), query=asked)), "permalink")
    return ""


def _figures(answer: Answer) -> dict[str, object]:
    """The figures by their names; Threads writes them in two ways."""
    data = object_of(answer).get("data")
    if not isinstance(data, list):
        raise unreadable()
    return {text_at(one, "name"): _figure(one) for one in data}


def _figure(one: Any) -> object:
    found = text_at(one, "values", 0, "value") or text_at(one, "total_value", "value")
    return int(found) if found.isdecimal() else None


def _token(grant: Grant) -> dict[str, str]:
    return {"access_token": grant.access_token}


def _account(grant: Grant) -> str:
    return f"{API}/{quote(grant.account_id, safe='') or 'me'}"


def _address(thing: str) -> str:
    return f"{API}/{quote(thing, safe='')}"
