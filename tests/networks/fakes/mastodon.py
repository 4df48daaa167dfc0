"""Mastodon as a fake, and two compatible servers, with the differences that were measured on real ones in November 2026.

`FakeMastodon()` is Mastodon itself; `FakeMastodon(SERVER_A)` ignores keys and answers 400 to a bad token; `SERVER_B`
honours keys in sequence and not at once, refuses `false` in a form, and takes any length.
"""

import html
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from typing import Any

from networks.fakes.server import (
    CODE,
    NOW,
    REFRESH,
    SECRET,
    TOKEN,
    FakeNetwork,
    Fault,
    Reply,
    Request,
    Shown,
    says,
)
from portevoix.networks import counting
from portevoix.networks.direct import Grant
from portevoix.networks.mastodon.registration import NARROW

HOST, CLIENT, ACCOUNT, REDIRECT = "social.example", "cl13nt", "109", "https://go.acme.example/back"
LINK = re.compile(r"https?://[^\s<]+")


@dataclass(frozen=True)
class Style:
    """How a server differs from Mastodon."""

    keys: str = "honoured"  # "ignored", or "racy": honoured one after the other, not at once
    bad_token: int = 401
    instance: str = "v2"  # the newest description of itself that it has: "v2", "v1", or none
    is_described: bool = True  # it says what its sign-in understands
    knows_profile: bool = True  # a scope since 4.3
    media: str = "v2"
    takes_form_booleans: bool = True
    schedules: bool = True
    longest: int | None = 500
    too_long: int = 422


MASTODON = Style()
OLDER = Style(instance="v1", is_described=False, knows_profile=False, media="v1")
SERVER_A = Style(
    keys="ignored",
    bad_token=400,
    instance="v1",
    is_described=False,
    knows_profile=False,
    schedules=False,
    too_long=400,
)
SERVER_B = Style(
    keys="racy",
    instance="v1",
    knows_profile=False,
    takes_form_booleans=False,
    schedules=False,
    longest=None,
)


@dataclass
class FakeMastodon(FakeNetwork):
    """A server; its moods are fields."""

    hosts = (HOST,)
    publishing = r"POST /api/v1/statuses"

    style: Style = MASTODON
    page_size: int = 40
    refuses_profile: bool = False
    works_on_pictures: int = 0  # how often a picture is not ready yet
    gives_refresh_tokens: bool = False
    is_account_closed: bool = False
    race: threading.Barrier | None = None  # where requests with one key meet, on a server where they race
    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    scheduled: list[dict[str, Any]] = field(default_factory=list)
    apps: list[dict[str, str]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    now: float = NOW

    def __post_init__(self) -> None:
        super().__init__()

    def grant(self) -> Grant:
        return Grant(ACCOUNT, TOKEN, scopes=NARROW, host=HOST)

    def disowns_token(self) -> Fault:
        return says(self.style.bad_token, {"error": "The access token is invalid"})

    def errs_in_200(self) -> Fault:
        return says(200, {"error": "Something went wrong on our end"})

    def shown(self) -> list[Shown]:
        return [Shown(one["id"], one["text"]) for one in self.statuses.values()]

    def published_at(self, moment: float, text: str) -> str:
        """A status of the account's own, made elsewhere at that moment."""
        return self._kept({"status": text}, moment)["id"]

    def _carried_out(self, request: Request) -> Reply:
        # What races is not serialised: that is the point.
        if self.style.keys == "racy" and request.line == "POST /api/v1/statuses":
            return self.answer(request)
        return super()._carried_out(request)

    def answer(self, request: Request) -> Reply:
        public = self._public(request)
        if public is not None:
            return public
        if request.token != TOKEN or TOKEN in self.revoked:
            return Reply(self.style.bad_token, {"error": "The access token is invalid"})
        if self.is_account_closed:
            return Reply(403, {"error": "Your login is currently disabled"})
        if request.path.startswith(("/api/v1/media", "/api/v2/media")):
            return self._media(request)
        name = request.path.rpartition("/")[2]
        match request.method, request.path:
            case "GET", "/api/v1/accounts/verify_credentials":
                about = {"acct": "ana", "display_name": "Ana Lopes", "url": f"https://{HOST}/@ana"}
                return Reply(data={"id": ACCOUNT, **about})
            case "GET", _ if request.path == f"/api/v1/accounts/{ACCOUNT}/statuses":
                return self._timeline(request.query)
            case "POST", "/api/v1/statuses":
                return self._published(request)
            case "GET", _ if name in self.statuses:
                return Reply(data=self._as_given(self.statuses[name]))
            case "DELETE", _ if name in self.statuses:
                return Reply(data=self._as_given(self.statuses.pop(name)))
        return Reply(404, {"error": "Record not found"})

    # --- what anybody may ask ---
    def _public(self, request: Request) -> Reply | None:
        match request.path:
            case "/.well-known/oauth-authorization-server" if self.style.is_described:
                scopes = ["read", "write:statuses", "write:media", "read:statuses", "read:accounts"]
                known = [*scopes, "profile"] if self.style.knows_profile else scopes
                return Reply(data={"scopes_supported": known, "code_challenge_methods_supported": ["S256"]})
            case "/api/v2/instance" if self.style.instance == "v2":
                return Reply(data={"domain": HOST, "configuration": {"statuses": self._limits()}})
            case "/api/v1/instance" if self.style.instance:
                return Reply(data={"uri": HOST, "configuration": {"statuses": self._limits()}})
            case "/api/v1/apps":
                return self._registered(request.form())
            case "/oauth/token":
                return self._token(request.form())
            case "/oauth/revoke":
                return self._revoke(request.form())
        return None

    def _limits(self) -> dict[str, int]:
        return {"max_characters": self.style.longest or 100_000, "characters_reserved_per_url": 23}

    def _registered(self, form: Mapping[str, str]) -> Reply:
        if "profile" in form["scopes"].split() and (self.refuses_profile or not self.style.knows_profile):
            words = "Validation failed: Scopes doesn't match configured on the server."
            return Reply(422, {"error": words})
        self.apps.append(dict(form))
        return Reply(data={"id": "1", "client_id": CLIENT, "client_secret": SECRET})

    def _token(self, form: Mapping[str, str]) -> Reply:
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return Reply(
                401, {"error": "invalid_client", "error_description": "Client authentication failed"}
            )
        if form["grant_type"] == "client_credentials":
            return Reply(data={"access_token": "of-the-app", "token_type": "Bearer", "scope": form["scope"]})
        if CODE not in (form.get("code"),) and form.get("refresh_token") != REFRESH:
            return Reply(400, {"error": "invalid_grant", "error_description": "The grant is invalid"})
        more = {"refresh_token": REFRESH, "expires_in": 3600} if self.gives_refresh_tokens else {}
        scope = " ".join(NARROW)
        return Reply(data={"access_token": TOKEN, "token_type": "Bearer", "scope": scope, **more})

    def _revoke(self, form: Mapping[str, str]) -> Reply:
        if form["client_id"] != CLIENT:
            words = "You are not authorized to revoke this token"
            return Reply(403, {"error": "unauthorized_client", "error_description": words})
        self.revoked.append(form["token"])
        return Reply(data={})

    # --- statuses ---
    def _published(self, request: Request) -> Reply:
        sent = self._read(request)
        if isinstance(sent, Reply):
            return sent
        key = "" if self.style.keys == "ignored" else request.headers.get("idempotency-key", "")
        if key in self.seen:
            first = self.seen[key]
            return Reply(data=self._as_given(self.statuses[first])) if first in self.statuses else Reply(404)
        if self.race:  # each looked, none has written yet
            self.race.wait(5)
        length, longest = counting.short_links_length(sent["status"]), self.style.longest
        if longest is not None and length > longest:
            words = f"Validation failed: Text character limit of {longest} exceeded"
            return Reply(self.style.too_long, {"error": words})
        if set(sent.get("media_ids", ())) - set(self.media):
            # In the server's own language, as Mastodon does.
            return Reply(422, {"error": "Le média n’a pas été trouvé ou est déjà attaché à un autre message"})
        if sent.get("scheduled_at") and self.style.schedules:
            self.scheduled.append(sent)
            return Reply(data={"id": "s1", "scheduled_at": sent["scheduled_at"], "params": sent})
        status = self._kept(sent, self.now)
        if key:
            self.seen[key] = status["id"]
        return Reply(data=self._as_given(status))

    def _read(self, request: Request) -> dict[str, Any] | Reply:
        if request.headers["content-type"].startswith("application/json"):
            sent: dict[str, Any] = request.json()
            return sent
        form: dict[str, Any] = request.form()
        if form.get("sensitive") == "false" and not self.style.takes_form_booleans:
            return Reply(422, {"error": "Validation failed: sensitive"})
        return form

    def _kept(self, sent: dict[str, Any], moment: float) -> dict[str, Any]:
        with self._turn:
            status_id = str(111_000_000_000_000_001 + len(self.statuses))
            made = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
            status = {
                "id": status_id,
                "text": sent["status"],
                "created_at": made.replace("+00:00", "Z"),
                "language": sent.get("language"),
                "visibility": sent.get("visibility", "public"),
                "media": list(sent.get("media_ids", ())),
            }
            self.statuses[status_id] = status
        return status

    @staticmethod
    def _as_given(status: dict[str, Any]) -> dict[str, Any]:
        shared = {name: status[name] for name in ("id", "created_at", "language", "visibility")}
        figures = {"favourites_count": 3, "reblogs_count": 2, "replies_count": 1}
        url = f"https://{HOST}/@ana/{status['id']}"
        return {**shared, **figures, "url": url, "content": as_html(status["text"]), "card": None}

    def _timeline(self, query: Mapping[str, str]) -> Reply:
        newest_first = list(reversed(self.statuses.values()))
        if before := query.get("max_id"):
            newest_first = [one for one in newest_first if int(one["id"]) < int(before)]
        size = min(int(query["limit"]), self.page_size)
        return Reply(data=[self._as_given(one) for one in newest_first[:size]])

    # --- pictures ---
    def _media(self, request: Request) -> Reply:
        version, name = request.path.split("/")[2], request.path.rpartition("/")[2]
        if request.method == "GET":
            if name not in self.media:
                return Reply(404, {"error": "Record not found"})
            self.media[name]["looks"] -= 1
            is_ready = self.media[name]["looks"] < 0
            url = f"https://{HOST}/media/{name}.jpg"
            return Reply(200 if is_ready else 206, {"id": name, "url": url if is_ready else None})
        if version == "v2" and self.style.media != "v2":
            return Reply(404, {"error": "Not found"})
        parts = parts_of(request)
        if parts["file"].get_content_maintype() != "image":
            words = "Validation failed: File content type is invalid, File is invalid"
            return Reply(422, {"error": words})
        media_id = str(22_348_641 + len(self.media))
        described = parts["description"].get_payload(decode=True) if "description" in parts else b""
        assert isinstance(described, bytes)
        content = parts["file"].get_payload(decode=True)
        alt = described.decode()
        self.media[media_id] = {"content": content, "alt": alt, "looks": self.works_on_pictures}
        if self.works_on_pictures and version == "v2":
            return Reply(202, {"id": media_id, "url": None})
        return Reply(data={"id": media_id, "url": f"https://{HOST}/media/{media_id}.jpg"})


def parts_of(request: Request) -> dict[str, Message]:
    """The parts of a form with a file, by their names, as another program reads them."""
    kind = request.headers["content-type"].encode()
    whole = BytesParser().parsebytes(b"Content-Type: " + kind + b"\r\n\r\n" + request.body)
    found = whole.get_payload()
    assert isinstance(found, list)
    return {str(part.get_param("name", header="content-disposition")): part for part in found}  # type: ignore[union-attr]


def as_html(text: str) -> str:
    """A text as Mastodon shows it: its links in pieces, of which two are hidden."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        pieces += [html.escape(text[end : found.start()]), _link_as_html(found.group())]
        end = found.end()
    pieces.append(html.escape(text[end:]))
    lines = "".join(pieces).replace("\n\n", "</p><p>").replace("\n", "<br />")
    return f"<p>{lines}</p>"


def _link_as_html(link: str) -> str:
    scheme, _, rest = link.partition("://")
    shown, hidden = html.escape(rest[:12]), html.escape(rest[12:])
    kind = "ellipsis" if hidden else ""
    return (
        f'<a href="{html.escape(link)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{scheme}://</span><span class="{kind}">{shown}</span>'
        f'<span class="invisible">{hidden}</span></a>'
    )
