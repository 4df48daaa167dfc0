"""Bluesky as a fake: a directory, a resolver, a server, an authority on another host, and whoever counts likes.

Written after its own servers, which `tests/servers` asks; this one goes wrong when it is told to. It checks what they
check: proofs, their numbers, who signs; it refuses what they refuse, in their words.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from networks.fakes.server import (
    CODE,
    NOW,
    REFRESH,
    TOKEN,
    FakeNetwork,
    Fault,
    Reply,
    Request,
    Shown,
    says,
)
from portevoix.networks import counting
from portevoix.networks.bluesky import client, signing
from portevoix.networks.bluesky.client import LEAST_SCOPES, POST
from portevoix.networks.direct import Grant, Keys
from portevoix.networks.oauth import challenge_of

HANDLE, DID = "ana.example", "did:plc:b3xbdqjkgl6bffjtkti6mow6"
OTHER_DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
SERVER, AUTHORITY = "https://pds.example", "https://auth.example"
ADDRESS, REDIRECT = "https://go.acme.example", "https://go.acme.example/me/accounts/bluesky/callback"
APP_PASSWORD, MAIN_PASSWORD = "abcd-efgh-ijkl-mnop", "qrst-uvwx-yz23-4567"  # the second only looks like one
SIGNING_KEY = signing.new_key()
KEYS = client.keys_for_address(ADDRESS, REDIRECT, SIGNING_KEY)
REQUEST_URI = "urn:ietf:params:oauth:request_uri:req-1"


@dataclass
class FakeBluesky(FakeNetwork):
    """The whole network; its moods are fields."""

    hosts = (
        HANDLE,
        "pds.example",
        "auth.example",
        "plc.directory",
        "bsky.social",
        "public.api.bsky.app",
        "moved.example",
        "web.example",
    )
    publishing = r"POST /xrpc/com\.atproto\.repo\.putRecord"

    has_website: bool = True  # the handle's host says whose it is
    resolver_did: str = DID
    document: dict[str, Any] = field(default_factory=dict)  # instead of what is written there
    resource: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    nonce: str = "nonce-1"
    refused_scopes: frozenset[str] = frozenset()
    granted_scope: str = " ".join(LEAST_SCOPES)
    sub: str = DID
    token_type: str = "DPoP"
    account_error: str = ""  # what the account's state has the server say
    is_active: bool = True
    is_counted: bool = True  # the post has reached whoever counts
    holds_blobs: bool = True
    pushed: list[dict[str, str]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    refresh_tokens: list[str] = field(default_factory=lambda: [REFRESH])
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    proofs: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})

    def __post_init__(self) -> None:
        super().__init__()
        self._thumbprint = ""

    # --- for the suite that every network passes ---
    def grant(self) -> Grant:
        """Of an app password: no proofs, so that each request is one."""
        return Grant(DID, TOKEN, REFRESH, NOW + 7200, extra={"kind": "password", "server": SERVER})

    def disowns_token(self) -> Fault:
        return says(400, {"error": "ExpiredToken", "message": f"Token has expired: {TOKEN}"})

    def errs_in_200(self) -> Fault:
        return says(200, {"error": "InternalServerError", "message": "Internal Server Error"})

    def shown(self) -> list[Shown]:
        return [Shown(rkey, one["text"], _link_of(one)) for rkey, one in self.records.items()]

    def oauth_grant(self, key: str = "", *, client_id: str = KEYS.client_id) -> Grant:
        """Of a sign-in through the authority, with its key."""
        key = key or signing.new_key()
        self._thumbprint = signing.name_of(key)
        extra = {
            "kind": "oauth",
            "server": SERVER,
            "issuer": AUTHORITY,
            "token_url": f"{AUTHORITY}/oauth/token",
            "revoke_url": f"{AUTHORITY}/oauth/revoke",
            "client_id": client_id,
            "key": key,
            "begun_at": str(NOW - 3600),
        }
        return Grant(DID, TOKEN, REFRESH, NOW + 3600, NOW + 90 * 86_400, LEAST_SCOPES, extra=extra)

    def answer(self, request: Request) -> Reply:
        host = request.headers["host"]
        if request.path == "/.well-known/atproto-did":
            return Reply(content=f"{DID}\n".encode()) if self.has_website else Reply(404)
        if host == "bsky.social":
            return self._resolved(request)
        if host == "plc.directory" or request.path == "/.well-known/did.json":
            return self._document(request)
        if host == "public.api.bsky.app":
            return self._counted(request)
        if host == "auth.example":
            return self._authority(request)
        return self._pds(request)

    # --- identity ---
    def _resolved(self, request: Request) -> Reply:
        if request.query["handle"] != HANDLE or not self.resolver_did:
            return Reply(400, {"error": "InvalidRequest", "message": "Unable to resolve handle"})
        return Reply(data={"did": self.resolver_did})

    def _document(self, request: Request) -> Reply:
        did = request.path.removeprefix("/")
        if request.path == "/.well-known/did.json":
            did = f"did:web:{request.headers['host']}"
        if did not in (DID, "did:web:web.example"):
            return Reply(404, {"message": f"DID not registered: {did}"})
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": SERVER}
        written = {"id": did, "alsoKnownAs": [f"at://{HANDLE}"], "service": [service]}
        return Reply(data={**written, **self.document})

    # --- the authority ---
    def _authority(self, request: Request) -> Reply:
        if request.path == "/.well-known/oauth-authorization-server":
            return Reply(data={**metadata(), **self.described})
        refusal = self._refused_proof(request, AUTHORITY) or self._refused_client(request.form())
        if refusal:
            return refusal
        steps = {"/oauth/par": self._push, "/oauth/token": self._token, "/oauth/revoke": self._revoke}
        return steps[request.path](request.form())

    def _push(self, form: dict[str, str]) -> Reply:
        if self.refused_scopes & set(form["scope"].split()):
            return Reply(400, {"error": "invalid_scope", "error_description": "not supported"})
        self.pushed.append(form)
        return Reply(201, {"request_uri": REQUEST_URI, "expires_in": 300})

    def _token(self, form: dict[str, str]) -> Reply:
        if form["grant_type"] == "authorization_code":
            if (
                form["code"] != CODE
                or challenge_of(form["code_verifier"]) != self.pushed[-1]["code_challenge"]
            ):
                return Reply(400, {"error": "invalid_grant", "error_description": "Invalid code"})
        elif form["refresh_token"] != self.refresh_tokens[-1]:
            self.refresh_tokens.append("")  # used before: the whole sign-in is over
            return Reply(400, {"error": "invalid_grant", "error_description": "Refresh token replayed"})
        self.refresh_tokens.append(f"{REFRESH}-{len(self.refresh_tokens)}")
        about = {"token_type": self.token_type, "scope": self.granted_scope, "expires_in": 3599}
        tokens = {"access_token": TOKEN, "refresh_token": self.refresh_tokens[-1]}
        return Reply(data={**tokens, **about, "sub": self.sub})

    def _revoke(self, form: dict[str, str]) -> Reply:
        self.revoked.append(form["token"])
        return Reply(data={})

    def _refused_client(self, form: Mapping[str, str]) -> Reply | None:
        """Checks that whoever says that they are us holds our key, as the public half that we serve tells."""
        if not form["client_id"].startswith("https://"):
            return None
        named = ECKey.import_key(client.public_jwks(SIGNING_KEY)["keys"][0])
        token = jwt.decode(form["client_assertion"], named, algorithms=["ES256"])
        claims = token.claims
        is_ours = token.header["kid"] == named.kid and claims["iss"] == claims["sub"] == form["client_id"]
        if is_ours and claims["aud"] == AUTHORITY and claims["exp"] - NOW <= 60:
            return None
        return Reply(400, {"error": "invalid_client", "error_description": "not the client"})

    def _refused_proof(self, request: Request, origin: str, token: str = "") -> Reply | None:
        """Checks a proof as RFC 9449 (4.3) wants it."""
        status = 401 if token else 400
        sent = request.headers.get("dpop", "")
        if not sent:
            return Reply(status, {"error": "invalid_dpop_proof", "message": "DPoP proof required"})
        key = ECKey.import_key(_header_of(sent)["jwk"])
        decoded = jwt.decode(sent, key, algorithms=["ES256"])
        claims, nonce = decoded.claims, {"DPoP-Nonce": self.nonce}
        self.proofs.append({**claims, "jkt": key.thumbprint()})
        ath = _hash_of(token) if token else None
        held = (decoded.header["typ"], claims["htm"], claims["htu"], claims.get("ath"))
        is_new = [one["jti"] for one in self.proofs].count(claims["jti"]) == 1
        if held != ("dpop+jwt", request.method, f"{origin}{request.path}", ath) or not is_new:
            return Reply(status, {"error": "invalid_dpop_proof", "message": "DPoP mismatch"}, nonce)
        if abs(claims["iat"] - NOW) > 60:
            return Reply(status, {"error": "invalid_dpop_proof", "message": "iat too far"}, nonce)
        if claims.get("nonce") != self.nonce:
            words = "Authorization server requires nonce in DPoP proof"
            said = {"error": "use_dpop_nonce", "error_description": words, "message": words}
            return Reply(status, said, nonce)
        if token and key.thumbprint() != self._thumbprint:
            return Reply(401, {"error": "invalid_token", "message": "Invalid DPoP key binding"}, nonce)
        return None

    # --- the account's server ---
    def _pds(self, request: Request) -> Reply:
        if request.path == "/.well-known/oauth-protected-resource":
            return Reply(data={"resource": SERVER, "authorization_servers": [AUTHORITY], **self.resource})
        name = request.path.removeprefix("/xrpc/")
        match name:
            case "com.atproto.repo.getRecord":
                return self._got(request.query)
            case "com.atproto.server.createSession":
                return self._session(request.json())
            case "com.atproto.server.refreshSession" | "com.atproto.server.deleteSession":
                return self._refreshed(name, request)
        refusal = self._refused(request)
        if refusal:
            return refusal
        match name:
            case "com.atproto.server.getSession":
                return Reply(data={"did": DID, "handle": HANDLE, "active": self.is_active})
            case "com.atproto.repo.uploadBlob":
                return self._uploaded(request)
            case "com.atproto.repo.putRecord":
                return self._put(request.json())
            case "com.atproto.repo.deleteRecord":
                self.records.pop(request.json()["rkey"], None)
                return Reply(data={})
        return Reply(501, {"error": "MethodNotImplemented", "message": "Method Not Implemented"})

    def _refused(self, request: Request) -> Reply | None:
        if self.account_error:
            return Reply(401, {"error": self.account_error, "message": "Account has been taken down"})
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme == "DPoP":
            if refusal := self._refused_proof(request, SERVER, token):
                return refusal
            if token not in self.tokens:
                return Reply(401, {"error": "invalid_token", "message": "Invalid token"})
            return None
        if scheme != "Bearer" or token not in self.tokens:
            return Reply(400, {"error": "InvalidToken", "message": "Token could not be verified"})
        return None

    def _session(self, asked: dict[str, str]) -> Reply:
        if self.account_error:
            return Reply(401, {"error": self.account_error, "message": "Account has been taken down"})
        if asked["identifier"] != DID or asked["password"] not in (APP_PASSWORD, MAIN_PASSWORD):
            return Reply(
                401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
            )
        scope = "com.atproto.appPass" if asked["password"] == APP_PASSWORD else "com.atproto.access"
        return Reply(data=self._tokens(scope))

    def _tokens(self, scope: str) -> dict[str, Any]:
        access = unsigned({"scope": scope, "exp": NOW + 7200})
        self.tokens.add(access)
        return {
            "accessJwt": access,
            "refreshJwt": unsigned({"scope": "com.atproto.refresh", "exp": NOW + 90 * 86_400}),
            "did": self.sub,
            "handle": HANDLE,
            "active": True,
        }

    def _refreshed(self, name: str, request: Request) -> Reply:
        if request.token in self.revoked:
            return Reply(400, {"error": "ExpiredToken", "message": "Token has been revoked"})
        if name.endswith("deleteSession"):
            self.revoked.append(request.token)
            return Reply()
        return Reply(data=self._tokens("com.atproto.appPass"))

    def _uploaded(self, request: Request) -> Reply:
        if len(request.body) > 5_000_000:
            return Reply(413, {"error": "PayloadTooLarge", "message": "request entity too large"})
        name = f"bafkrei{_hash_of(request.body.decode('latin-1')).lower()[:20]}"
        self.blobs[name] = request.body
        kind, size = request.headers["content-type"], len(request.body)
        return Reply(data={"blob": {"$type": "blob", "ref": {"$link": name}, "mimeType": kind, "size": size}})

    def _put(self, asked: dict[str, Any]) -> Reply:
        record, rkey = asked["record"], asked["rkey"]
        if (asked["repo"], asked["collection"], asked["swapRecord"]) != (DID, POST, None):
            return Reply(401, {"error": "AuthenticationRequired", "message": "Authentication Required"})
        if (length := counting.grapheme_length(record["text"])) > 300:
            words = f"Invalid {POST} record: grapheme too big (maximum 300, got {length}) at $.record.text"
            return Reply(400, {"error": "InvalidRequest", "message": words})
        if not self.holds_blobs and "embed" in record:
            return Reply(400, {"error": "BlobNotFound", "message": "Could not find blob: bafkrei"})
        lying = self.records.get(rkey)
        if lying is not None and lying != record:
            return Reply(400, {"error": "InvalidSwap", "message": "Record was at bafyrei"})
        self.records[rkey] = record
        return Reply(data={"uri": f"at://{DID}/{POST}/{rkey}", "cid": "bafyrei"})

    def _got(self, query: Mapping[str, str]) -> Reply:
        if query["collection"] == "app.bsky.actor.profile":
            profile = {"$type": "app.bsky.actor.profile", "displayName": "Ana Lopes"}
            return Reply(data={"uri": "at://", "value": profile})
        if query["rkey"] not in self.records:
            return Reply(400, {"error": "RecordNotFound", "message": "Could not locate record"})
        return Reply(data={"uri": "at://", "cid": "bafyrei", "value": self.records[query["rkey"]]})

    def _counted(self, request: Request) -> Reply:
        rkey = request.query["uris"].rpartition("/")[2]
        if rkey not in self.records or not self.is_counted:
            return Reply(data={"posts": []})
        figures = {"likeCount": 3, "repostCount": 2, "replyCount": 1, "quoteCount": 0, "bookmarkCount": 4}
        return Reply(data={"posts": [{"uri": request.query["uris"], **figures, "viewer": {}}]})


def metadata() -> dict[str, Any]:
    """What an authority says of itself."""
    return {
        "issuer": AUTHORITY,
        "authorization_endpoint": f"{AUTHORITY}/oauth/authorize",
        "token_endpoint": f"{AUTHORITY}/oauth/token",
        "pushed_authorization_request_endpoint": f"{AUTHORITY}/oauth/par",
        "revocation_endpoint": f"{AUTHORITY}/oauth/revoke",
        "require_pushed_authorization_requests": True,
        "authorization_response_iss_parameter_supported": True,
        "client_id_metadata_document_supported": True,
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": ["RS256", "ES256"],
        "scopes_supported": ["atproto", "transition:generic"],
    }


def loopback_keys(redirect_uri: str = "http://127.0.0.1:8000/back") -> Keys:
    """Who we are on a machine of one's own."""
    return client.keys_for_address("http://127.0.0.1:8000", redirect_uri, SIGNING_KEY)


def unsigned(claims: dict[str, Any]) -> str:
    """A token whose signature nobody here checks."""
    return jwt.encode({"alg": "ES256"}, claims, ECKey.import_key(json.loads(SIGNING_KEY)))


def _header_of(token: str) -> dict[str, Any]:
    head = token.partition(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return found


def _hash_of(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _link_of(record: Mapping[str, Any]) -> str:
    found: str = record.get("embed", {}).get("external", {}).get("uri", "")
    return found
