"""Handing X a picture: in one request, as JSON, then its description.

Source: X's OpenAPI document v2.167, `MediaUploadRequest` and `CreateMediaMetadataRequest`. X forgets within a day what no
post uses.
"""

import base64

from portevoix.core.outgoing import Answer
from portevoix.networks.direct import Grant, Media
from portevoix.networks.failures import NetworkFailure, Refused, SignInAgain
from portevoix.networks.oauth import bearer
from portevoix.networks.publishing import unreadable
from portevoix.networks.wire import Wire, id_at, object_of
from portevoix.networks.x.answers import API, failure_of

LONGEST_ALT = 1_000
SCOPE = "media.write"


def upload(media: Media, alt: str, grant: Grant, wire: Wire) -> str:
    """Hands over a picture with its description; gives the name by which a post takes it."""
    category = "tweet_gif" if media.media_type == "image/gif" else "tweet_image"
    handed = {"media": base64.b64encode(media.content).decode(), "media_category": category}
    answer = wire.read("POST", f"{API}/media/upload", headers=bearer(grant), data=handed)
    if answer.status == 403 and SCOPE not in grant.scopes:  # a sign-in from before pictures were asked for
        raise SignInAgain
    if answer.status not in (200, 201):
        raise _refusal(answer, grant)
    if not (name := id_at(object_of(answer), "data", "id")):
        raise unreadable()
    if alt:
        _describe(name, alt[:LONGEST_ALT], grant, wire)
    return name


def _describe(name: str, alt: str, grant: Grant, wire: Wire) -> None:
    said = {"id": name, "metadata": {"alt_text": {"text": alt}}}
    answer = wire.read("POST", f"{API}/media/metadata", headers=bearer(grant), data=said)
    if answer.status not in (200, 201):
        raise _refusal(answer, grant)


def _refusal(answer: Answer, grant: Grant) -> NetworkFailure:
    if answer.status == 413:
        return Refused("picture_too_big")
    failure = failure_of(answer, grant)
    return Refused("picture_refused", failure.detail) if isinstance(failure, Refused) else failure
