"""From what a person types to where their account lives: handle → DID → server → authority.

Every step is judged: a handle counts when the account claims it back, a server when its address is one that we would
call, an authority when it is who it says it is and keeps what we rely on. Identity is public: no key is needed.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import regex

from portevoix.core.outgoing import Deadline
from portevoix.networks.failures import Refused, TryLater
from portevoix.networks.wire import Wire, object_of, text_at

# Answers for handles that only the domain name system knows.
RESOLVER = "https://bsky.social/xrpc/com.atproto.identity.resolveHandle"
DIRECTORY = "https://plc.directory"
PROFILES = ("bsky.app/profile/", "www.bsky.app/profile/", "at://")
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HANDLE = regex.compile(rf"(?=.{{4,253}}\Z)(?:{LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
PLC = regex.compile(r"did:plc:[a-z2-7]{24}")
WEB = "did:web:"
# Many handles have no website behind them: one that lets callers wait must leave time for the rest.
HANDLE_SECONDS = 4.0
LONGEST_TYPED = 500
LONGEST_ADDRESS = 1_000
# What is left out of an address while it is read, or read in two ways.
UNFIT = regex.compile(r"[^\x21-\x7e]|[\\<>\"]")


@dataclass(frozen=True)
class Account:
    """An account; `server` is an origin, `handle` is empty where a DID was typed and the account claims none."""

    did: str
    handle: str
    server: str


@dataclass(frozen=True)
class Authority:
    """Who signs people in for a server, and where; `revoke` is empty where a sign-in cannot be ended by asking."""

    issuer: str
    authorize: str
    token: str
    push: str
    revoke: str


def account_of(typed: str, wire: Wire) -> Account:
    """The account of a handle, of an address of a profile, or of a DID; `Refused`, saying why, when there is none."""
    name = cleaned(typed)
    did = name if is_did(name) else resolved(name, wire)
    document = document_of(did, wire)
    claimed = claimed_handle(document)
    if not is_did(name) and claimed != name:
        raise Refused("handle_not_confirmed")
    return Account(did, claimed, server_in(document))


def cleaned(typed: str) -> str:
    """The handle or DID in what a person typed or pasted; `Refused` when there is none.

    Marks that cannot be seen are dropped: copying a handle from Bluesky's own pages brings some along.
    """
    seen = "".join(mark for mark in typed[:LONGEST_TYPED] if unicodedata.category(mark) != "Cf")
    name = seen.strip().removeprefix("https://").removeprefix("http://")
    for start in PROFILES:
        if name.lower().startswith(start):
            name = name[len(start) :]
    name = name.split("/", 1)[0].split("?", 1)[0].removeprefix("@")
    if is_did(name):
        return name
    if not HANDLE.fullmatch(name.lower()):
        raise Refused("bad_handle")
    return name.lower()


def is_did(name: str) -> bool:
    """Whether this is an account of one of the two kinds that Bluesky knows."""
    return bool(PLC.fullmatch(name) or (name.startswith(WEB) and HANDLE.fullmatch(name.removeprefix(WEB))))


def resolved(handle: str, wire: Wire) -> str:
    """The DID that a handle leads to, as its own website says, or the public resolver; `Refused` when neither does."""
    try:
        answer = hurried(wire).read("GET", f"https://{handle}/.well-known/atproto-did")
        if answer.status == 200 and is_did(found := answer.content[:300].decode(errors="replace").strip()):
            return found
    except TryLater:
        pass  # no website, or one that does not answer
    answer = wire.read("GET", RESOLVER, query={"handle": handle})
    found = text_at(object_of(answer), "did")
    if answer.status != 200 or not is_did(found):
        raise Refused("not_found")
    return found


def hurried(wire: Wire) -> Wire:
    """The same conversation, with little time."""
    soon = Deadline.within(HANDLE_SECONDS)
    return replace(wire, deadline=soon) if soon.until < wire.deadline.until else wire


def document_of(did: str, wire: Wire) -> dict[str, Any]:
    """What is written publicly of an account."""
    host = did.removeprefix(WEB)
    url = f"https://{host}/.well-known/did.json" if did.startswith(WEB) else f"{DIRECTORY}/{did}"
    answer = wire.read("GET", url)
    if answer.status != 200:
        raise Refused("not_found")
    document = object_of(answer)
    if text_at(document, "id") != did:
        raise Refused("not_found")
    return document


def claimed_handle(document: Mapping[str, Any]) -> str:
    """The handle that an account says is its own; empty when it says none."""
    for name in _texts(document, "alsoKnownAs"):
        handle = name.removeprefix("at://").lower()
        if name.startswith("at://") and HANDLE.fullmatch(handle):
            return handle
    return ""


def confirmed_handle(did: str, document: Mapping[str, Any], wire: Wire) -> str:
    """The handle that an account claims and that leads back to it; empty when there is no such handle, or not now."""
    claimed = claimed_handle(document)
    try:
        return claimed if claimed and resolved(claimed, wire) == did else ""
    except (Refused, TryLater):
        return ""


def server_in(document: Mapping[str, Any]) -> str:
    """The server that keeps the account's posts."""
    services = document.get("service")
    for one in services if isinstance(services, list) else ():
        if text_at(one, "id").endswith("#atproto_pds"):
            return trusted_origin(text_at(one, "serviceEndpoint"))
    raise Refused("not_that_network", "the account names no server")


def trusted_origin(address: str) -> str:
    """An address that is a mere https origin, without its last slash; `Refused` when it is anything else.

    `http://localhost:PORT` passes, for development networks alone: the door lets nobody go there unless it is told to.
    """
    parts = _trusted(address)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise Refused("not_that_network", "not the address of a server")
    return f"{parts.scheme}://{parts.netloc}".lower()


def trusted_address(server: str, address: str) -> str:
    """An address below such an origin, to which more may be added; https wherever the account's server is."""
    if _trusted(address).fragment:
        raise Refused("not_that_network", "not the address of a server")
    return like(server, address)


def like(server: str, address: str) -> str:
    """The address, when it is no less guarded than the server that leads there."""
    if urlsplit(address).scheme != urlsplit(server).scheme:
        raise Refused("not_that_network", "an address without https")
    return address


def _trusted(address: str) -> Any:
    if len(address) > LONGEST_ADDRESS or UNFIT.search(address):
        raise Refused("not_that_network", "not an address")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused("not_that_network", "not an address") from None
    is_secure = parts.scheme == "https" and parts.hostname is not None and "." in parts.hostname
    is_development = parts.scheme == "http" and parts.hostname == "localhost" and port is not None
    if "@" in parts.netloc or not (is_secure or is_development):
        raise Refused("not_that_network", "an address without https")
    return parts


def authority_of(server: str, wire: Wire) -> Authority:
    """Who signs people in for that server; `Refused` when it offers no such sign-in, or not as we need it."""
    answer = wire.read("GET", f"{server}/.well-known/oauth-protected-resource")
    found = object_of(answer)
    if answer.status != 200 or text_at(found, "resource").rstrip("/") != server:
        raise Refused("not_that_network", "the server offers no sign-in of this kind")
    issuer = like(server, trusted_origin(text_at(found, "authorization_servers", 0)))
    answer = wire.read("GET", f"{issuer}/.well-known/oauth-authorization-server")
    described = object_of(answer)
    if answer.status != 200 or text_at(described, "issuer") != issuer:
        raise Refused("not_that_network", "the authority is not who it says it is")
    if missing := ", ".join(_missing(described, server)):
        raise Refused("not_that_network", f"the authority lacks {missing}")
    revoke = text_at(described, "revocation_endpoint")
    return Authority(
        issuer=issuer,
        authorize=trusted_address(server, text_at(described, "authorization_endpoint")),
        token=trusted_address(server, text_at(described, "token_endpoint")),
        push=trusted_address(server, text_at(described, "pushed_authorization_request_endpoint")),
        revoke=trusted_address(server, revoke) if revoke else "",
    )


def _missing(described: Mapping[str, Any], server: str) -> Iterator[str]:
    """What an authority must keep for our sign-in to be safe, and does not say that it keeps."""
    for name in (
        "require_pushed_authorization_requests",
        "authorization_response_iss_parameter_supported",
        "client_id_metadata_document_supported",
    ):
        if described.get(name) is not True:
            yield name
    if "S256" not in _texts(described, "code_challenge_methods_supported"):
        yield "S256"
    if "ES256" not in _texts(described, "dpop_signing_alg_values_supported"):
        yield "ES256"
    served = _texts(described, "protected_resources")
    if served and server not in (one.rstrip("/") for one in served):
        yield "this server"


def _texts(found: Mapping[str, Any], name: str) -> list[str]:
    values = found.get(name)
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []
