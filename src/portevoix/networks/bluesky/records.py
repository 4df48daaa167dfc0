"""A post as Bluesky keeps it: one record under one key, worked out from the share and the same at every try."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from portevoix.networks import counting, incoming
from portevoix.networks.bluesky.client import POST
from portevoix.networks.bluesky.facets import facets_of
from portevoix.networks.contract import Attachment, Draft
from portevoix.networks.direct import Frozen, Key, Prepared

WEB = "https://bsky.app/profile"
TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
MOST_PICTURES = 4
# What Bluesky takes of a picture: hung on a card, in a post by itself.
THUMB_BYTES, PICTURE_BYTES = 1_000_000, 2_000_000
LONGEST_CARD_TEXT = 300


def frozen_post(text: str, draft: Draft, key: Key) -> Frozen:
    """The record but for its pictures, which are uploaded later, and the key under which it will lie."""
    text = sound(text)
    record: dict[str, Any] = {"$type": POST, "text": text, "createdAt": moment(key)}
    if draft.language:
        record["langs"] = [draft.language]
    if facets := facets_of(text):
        record["facets"] = facets
    frozen: dict[str, Any] = {
        "rkey": record_key(key),
        "record": record,
        "link": draft.url,
        "thumb": "",
        "pictures": [],
    }
    if draft.card and draft.url:
        card = {"uri": draft.url, "title": cut(draft.card.title), "description": cut(draft.card.summary)}
        record["embed"] = {"$type": "app.bsky.embed.external", "external": card}
        frozen["thumb"] = draft.card.picture.code if draft.card.picture else ""
    elif draft.pictures:
        frozen["pictures"] = [_picture(one) for one in draft.pictures[:MOST_PICTURES]]
    return frozen


def _picture(one: Attachment) -> dict[str, str]:
    return {"code": one.code, "alt": sound(one.alt)}


def is_prepared(frozen: Frozen, prepared: Prepared) -> bool:
    """Whether all pictures were uploaded; a card's may have been left out, knowingly."""
    has_thumb = "thumb" in prepared or not frozen["thumb"]
    return has_thumb and len(prepared.get("pictures", ())) == len(frozen["pictures"])


def whole_record(frozen: Frozen, prepared: Prepared) -> dict[str, Any]:
    """The record with what was uploaded for it."""
    record: dict[str, Any] = json.loads(json.dumps(frozen["record"]))
    if thumb := prepared.get("thumb"):
        record["embed"]["external"]["thumb"] = thumb
    if pictures := prepared.get("pictures"):
        record["embed"] = {"$type": "app.bsky.embed.images", "images": pictures}
    return record


def is_ours(record: object, frozen: Frozen) -> bool:
    """Whether a record that lies under our key is this post: it holds the share's own link, however it was changed since.

    Without a link, it is the moment of its creation that tells.
    """
    if not isinstance(record, dict):
        return False
    if link := frozen["link"]:
        return any(str(link) in text for text in incoming.texts_in(record))
    return bool(record.get("createdAt") == frozen["record"]["createdAt"])


def record_key(key: Key) -> str:
    """The key of a share's record, of the form that posts must have (TID): its moment in microseconds, then ten bits.

    Several shares may be approved in one moment: below the millisecond the figures come from the share's code, twenty
    bits in all.
    """
    drawn = int.from_bytes(hashlib.sha256(key.code.encode()).digest()[:8])
    micros = _millis(key) * 1000 + drawn % 1000
    return tid(micros, drawn // 1000 % 1024)


def tid(micros: int, clock: int) -> str:
    """A moment in microseconds since 1970 and a number below 1024, as thirteen letters that sort as they follow."""
    number = (micros & (1 << 53) - 1) << 10 | clock & 1023
    return "".join(TID_LETTERS[number >> shift & 31] for shift in range(60, -5, -5))


def moment(key: Key) -> str:
    """The moment of a share as records write it, to the millisecond."""
    seconds, millis = divmod(_millis(key), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{millis:03}Z"


def _millis(key: Key) -> int:
    return round(key.at * 1000)


def sound(text: str) -> str:
    """A text that can be written down anywhere: halves of characters are put together, or replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def cut(text: str) -> str:
    """A text for a card, cut where a reader would not mind."""
    text = " ".join(sound(text).split())
    seen = counting.GRAPHEME.findall(text)
    return text if len(seen) <= LONGEST_CARD_TEXT else "".join(seen[: LONGEST_CARD_TEXT - 1]).rstrip() + "…"


def uri_of(did: str, rkey: str) -> str:
    """The address of a record in the whole network."""
    return f"at://{did}/{POST}/{rkey}"


def url_of(did: str, rkey: str) -> str:
    """Where people see a post."""
    return f"{WEB}/{did}/post/{rkey}"
