"""Publishing at Threads: the post is laid out first (a container), then published, and a container is published once.

So a post whose answer was lost is found by its container, and the same container may be sent again without fear. Meta
fetches pictures from a public address, which we do not have: only words, with a link attached where there is a card. A
container that nobody published is gone after a day, or sometimes at once: `PrepareAgain`.
"""

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks import incoming, links
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
from portevoix.networks.publishing import TextPublisher, counts, published, unreadable
from portevoix.networks.threads.answers import API, at_threads, failure_of, is_gone
from portevoix.networks.threads.composer import Threads
from portevoix.networks.wire import Wire, id_at, object_of, prose_at, text_at

METRICS = ("views", "likes", "replies", "reposts", "quotes")
DEAD = ("EXPIRED", "ERROR")
ALIVE = ("FINISHED", "IN_PROGRESS")
# Threads and we may not agree on the hour: what is looked for is a little older than the approval.
CLOCKS_SECONDS = 3600
PAGE = 100
LONGEST_FIGURE = 16
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
        if not (container := id_at(object_of(answer), "id")):
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
            if isinstance(failure, PrepareAgain):
                return self._published_before(frozen, prepared, grant, wire, failure)
            raise failure
        if not (post_id := text_at(object_of(answer), "id")):
            raise OutcomeUnknown
        return published(post_id, _where(post_id, grant, wire))

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        """Asks what became of the container, then looks for the post, which has another identifier.

        A container that is dead was not published: `ABSENT` as well, and sending it will say `PrepareAgain`.
        """
        wire = at_threads(wire)
        container = prepared.get("container", "")
        status = _status(container, grant, wire) if container else "FINISHED"
        if status in DEAD:
            return Finding.ABSENT
        if isinstance(found := self._among_last_posts(frozen, grant, wire), Published):
            return found
        if status == "PUBLISHED":
            return published(f"{UNNAMED}{container}", "")
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

    def _published_before(
        self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire, failure: PrepareAgain
    ) -> Published:
        """The post of a try before this one, whose container is gone; the failure, when it was surely not published."""
        found = self.find(frozen, prepared, grant, wire)
        if isinstance(found, Published):
            return found
        if found is Finding.CANNOT_TELL and self._among_last_posts(frozen, grant, wire) is not Finding.ABSENT:
            raise OutcomeUnknown from failure
        raise failure

    def _named_at_last(self, frozen: Frozen, grant: Grant, wire: Wire) -> str:
        if isinstance(found := self._among_last_posts(frozen, grant, wire), Published):
            return found.post_id
        raise Refused("post_not_shown")  # never "taken off" what we could not find

    def _among_last_posts(self, frozen: Frozen, grant: Grant, wire: Wire) -> Published | Finding:
        """The post among the person's last ones; `CANNOT_TELL` when those do not reach back to its approval."""
        fields = "id,permalink,text,link_attachment_url,timestamp"
        asked = {"fields": fields, "limit": str(PAGE), **_token(grant)}
        answer = wire.read("GET", f"{_account(grant)}/threads", query=asked)
        if answer.status != 200:
            raise failure_of(answer, grant)
        found = object_of(answer)
        posts = found.get("data")
        if not isinstance(posts, list):
            raise unreadable()
        ours = next((post for post in posts if isinstance(post, dict) and _is(post, frozen)), None)
        if ours:
            return published(text_at(ours, "id"), text_at(ours, "permalink"))
        has_more = len(posts) >= PAGE or bool(text_at(found, "paging", "next"))
        reaches_back = not has_more or _made(posts, -1) < _since(frozen)
        return Finding.ABSENT if reaches_back else Finding.CANNOT_TELL


def _is(post: Mapping[str, Any], frozen: Frozen) -> bool:
    """Whether it is our post: by its link, one person's alone; by its words, of late, where it has none."""
    text, link = prose_at(post, "text"), frozen["link"]
    if link:
        return link in text or text_at(post, "link_attachment_url") == link
    is_of_late = _since(frozen) <= _made(post) < math.inf
    return bool(is_of_late and text == frozen["text"])


def _since(frozen: Frozen) -> float:
    return float(frozen["at"] - CLOCKS_SECONDS)


def _made(found: Any, *path: int) -> float:
    """The moment of a post; without end when it does not say."""
    made = incoming.moment_in(text_at(found, *path, "timestamp"))
    return math.inf if made is None else made


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
    return int(found) if found.isdecimal() and len(found) <= LONGEST_FIGURE else None


def _token(grant: Grant) -> dict[str, str]:
    return {"access_token": grant.access_token}


def _account(grant: Grant) -> str:
    return f"{API}/{quote(grant.account_id, safe='') or 'me'}"


def _address(thing: str) -> str:
    return f"{API}/{quote(thing, safe='')}"
