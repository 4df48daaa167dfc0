"""Pictures for a status: uploaded one by one, each with its description, ready when the server has worked on them."""

import secrets
import time
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks.direct import Grant, Media
from portevoix.networks.failures import Refused, TryLater
from portevoix.networks.mastodon.answers import failure_of, words_of
from portevoix.networks.mastodon.registration import base_of
from portevoix.networks.oauth import bearer
from portevoix.networks.publishing import UNREADABLE
from portevoix.networks.wire import Wire, id_at, object_of, text_at

LONGEST_DESCRIPTION = 1500
# A picture takes a moment, on a busy server a few seconds; the conversation's own deadline holds besides.
PAUSE_SECONDS, MOST_LOOKS = 0.25, 40


def uploaded(media: Media, alt: str, grant: Grant, wire: Wire) -> str:
    """The picture as the server names it, once it may be published."""
    answer = _sent("v2", media, alt, grant, wire)
    if answer.status == 404:  # older and compatible servers
        answer = _sent("v1", media, alt, grant, wire)
    if answer.status in (413, 422):
        raise Refused("picture_refused", words_of(answer, grant))
    if answer.status not in (200, 202):
        raise failure_of(answer, grant)
    media_id = id_at(object_of(answer), "id")
    if not media_id:
        raise TryLater(detail=UNREADABLE)
    if answer.status == 202:
        _wait_for(media_id, grant, wire)
    return media_id


def is_there(media_id: str, grant: Grant, wire: Wire) -> bool:
    """Whether the server still holds a picture that no status uses."""
    return _looked_up(media_id, grant, wire).status != 404


def _wait_for(media_id: str, grant: Grant, wire: Wire) -> None:
    for _look in range(MOST_LOOKS):
        answer = _looked_up(media_id, grant, wire)
        if answer.status == 200 and text_at(object_of(answer), "url"):
            return
        if answer.status == 422:
            raise Refused("picture_refused", words_of(answer, grant))
        if answer.status not in (200, 206):
            raise failure_of(answer, grant)
        time.sleep(PAUSE_SECONDS)
    raise TryLater(detail="the server is still working on the picture")


def _looked_up(media_id: str, grant: Grant, wire: Wire) -> Answer:
    url = f"{base_of(grant.host)}/api/v1/media/{quote(media_id, safe='')}"
    return wire.read("GET", url, headers=bearer(grant))


def _sent(version: str, media: Media, alt: str, grant: Grant, wire: Wire) -> Answer:
    border = secrets.token_hex(16)
    headers = {**bearer(grant), "Content-Type": f"multipart/form-data; boundary={border}"}
    content = form_with_file(border, media, alt[:LONGEST_DESCRIPTION])
    return wire.read("POST", f"{base_of(grant.host)}/api/{version}/media", headers=headers, content=content)


def form_with_file(border: str, media: Media, description: str) -> bytes:
    """A picture and its description as the parts of a form (RFC 7578); the file's name is ours, and plain."""
    kind = media.media_type if media.media_type.isascii() else "application/octet-stream"
    ending = kind.rpartition("/")[2]
    head = f'Content-Disposition: form-data; name="file"; filename="picture.{ending}"\r\nContent-Type: {kind}'
    parts = [f"--{border}\r\n{head}\r\n\r\n".encode(), media.content, b"\r\n"]
    if description:
        head = 'Content-Disposition: form-data; name="description"\r\nContent-Type: text/plain; charset=utf-8'
        parts.append(f"--{border}\r\n{head}\r\n\r\n{description}\r\n".encode(errors="replace"))
    return b"".join([*parts, f"--{border}--\r\n".encode()])
