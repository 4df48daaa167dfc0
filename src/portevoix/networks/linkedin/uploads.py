"""Handing LinkedIn a picture or a document: it says where to put it, and under which name it will know it."""

from enum import StrEnum
from urllib.parse import urlsplit

from portevoix.core.outgoing import Answer
from portevoix.networks import incoming
from portevoix.networks.direct import Grant, Media
from portevoix.networks.failures import NetworkFailure, Refused
from portevoix.networks.linkedin.answers import API, failure_of, headers
from portevoix.networks.oauth import bearer
from portevoix.networks.publishing import unreadable
from portevoix.networks.wire import Wire, id_at, object_of, text_at

LONGEST_ADDRESS = 4_000


class Kind(StrEnum):
    """What is handed over, as the answer calls it."""

    PICTURE = "image"
    DOCUMENT = "document"


def upload(kind: Kind, media: Media, grant: Grant, wire: Wire) -> str:
    """Hands it over; gives its name (URN)."""
    asked = {"initializeUploadRequest": {"owner": grant.account_id}}
    answer = wire.read(
        "POST", f"{API}/rest/{kind}s?action=initializeUpload", headers=headers(grant), data=asked
    )
    if answer.status != 200:
        raise _refusal(answer, grant)
    value = object_of(answer).get("value")
    address, name = text_at(value, "uploadUrl"), id_at(value, kind)
    if not name or not _is_linkedin(address):
        raise unreadable()
    sent = {**bearer(grant), "Content-Type": media.media_type}
    answer = wire.read("PUT", address, headers=sent, content=media.content)
    if answer.status not in (200, 201):
        raise _refusal(answer, grant)
    return name


def _refusal(answer: Answer, grant: Grant) -> NetworkFailure:
    if answer.status == 413:
        return Refused("picture_too_big")
    failure = failure_of(answer, grant)
    return Refused("picture_refused", failure.detail) if isinstance(failure, Refused) else failure


def _is_linkedin(address: str) -> bool:
    """The person's token goes with the bytes: nowhere but to LinkedIn."""
    is_plain = len(address) <= LONGEST_ADDRESS and incoming.is_plain_https(address)
    return is_plain and f".{urlsplit(address).hostname or ''}".endswith(".linkedin.com")
