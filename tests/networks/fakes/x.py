"""X as a fake, as its OpenAPI document v2.167 and reports until November 2026 describe it.

It refuses a field that it does not know, shortens links in texts, knows a text again without saying where it was, asks
for money, counts by the quarter of an hour and by the day, and kills a family of tokens whose refresh token comes twice.
"""

import base64
import re
from dataclasses import dataclass, field
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
from portevoix.networks.direct import Grant
from portevoix.networks.x.sign_in import SCOPES

CLIENT, USER = "x0client", "2244994945"
POST_FIELDS = {"text", "media", "paid_partnership", "made_with_ai", "reply_settings"}
LINK = re.compile(r"https://[^\s]+")
METRICS = {"impression_count": 40, "like_count": 3, "reply_count": 0, "quote_count": 1, "bookmark_count": 2}


@dataclass
class FakeX(FakeNetwork):
    """X; its moods are fields."""

    hosts = ("api.x.com", "x.com")
    publishing = r"POST /2/tweets"

    has_credit: bool = True
    fields_name: str = "post.fields"
    repost_name: str = "repost_count"
    scope: str = " ".join(SCOPES)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    refresh_tokens: list[str] = field(default_factory=lambda: [REFRESH])
    revoked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def grant(self) -> Grant:
        return Grant(USER, TOKEN, REFRESH, expires_at=NOW + 7200, scopes=SCOPES)

    def disowns_token(self) -> Fault:
        return says(401, _problem(401, "Unauthorized", f"Unauthorized: {TOKEN}"))

    def errs_in_200(self) -> Fault:
        return says(200, {"errors": [_problem(500, "Internal Error", "Something is broken")]})

    def shown(self) -> list[Shown]:
        return [Shown(post_id, body["text"]) for post_id, body in self.posts.items()]

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/2/oauth2/"):
            return self._oauth(request)
        if request.token != TOKEN:
            return Reply(401, _problem(401, "Unauthorized", f"Unauthorized: {request.token}"))
        if not self.has_credit:
            words = "Your enrolled account [1] does not have any credits to fulfill this request."
            return Reply(402, _problem(402, "CreditsDepleted", words, "https://api.x.com/2/problems/credits"))
        name = request.path.rpartition("/")[2]
        match request.method, request.path:
            case "GET", "/2/users/me":
                return Reply(data={"data": {"id": USER, "name": "Ana Lopes", "username": "analopes"}})
            case "POST", "/2/media/upload":
                return self._uploaded(request.json())
            case "POST", "/2/media/metadata":
                said = request.json()
                self.media[said["id"]]["alt"] = said["metadata"]["alt_text"]["text"]
                return Reply(data={"data": {"id": said["id"]}})
            case "POST", "/2/tweets":
                return self._published(request.json())
            case "GET", _ if request.path == f"/2/users/{USER}/tweets":
                return self._refused_fields(request) or self._timeline()
            case "GET", _:
                return self._refused_fields(request) or self._figures(name)
            case "DELETE", _:
                return Reply(data={"data": {"deleted": self.posts.pop(name, None) is not None}})
        return Reply(404, _problem(404, "Not Found", "Not Found"))

    def _published(self, body: dict[str, Any]) -> Reply:
        if unknown := set(body) - POST_FIELDS:
            return Reply(
                400, _problem(400, "Invalid Request", f"$.{unknown.pop()}: is not defined in the schema")
            )
        if body["text"] in self.texts:
            return Reply(
                403,
                _problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."),
            )
        if set(body.get("media", {}).get("media_ids", ())) - set(self.media):
            return Reply(400, _problem(400, "Invalid Request", "Your media IDs are invalid."))
        post_id = str(1_461_000_000_000_000_001 + len(self.texts))
        self.texts.add(body["text"])
        self.posts[post_id] = body
        return Reply(201, {"data": {"id": post_id, "text": _shortened(body["text"])}})

    def _timeline(self) -> Reply:
        posts = [_as_listed(post_id, body) for post_id, body in reversed(self.posts.items())]
        meta = {"result_count": len(posts)}
        return Reply(data={"data": posts, "meta": meta} if posts else {"meta": meta})

    def _figures(self, post_id: str) -> Reply:
        if post_id not in self.posts:
            problem = _problem(
                404, "Not Found Error", "Gone", "https://api.x.com/2/problems/resource-not-found"
            )
            return Reply(data={"errors": [problem]})
        metrics = {**METRICS, self.repost_name: 5}
        return Reply(data={"data": {"id": post_id, "text": "…", "public_metrics": metrics}})

    def _refused_fields(self, request: Request) -> Reply | None:
        known = {self.fields_name, "max_results", "start_time"}
        if unknown := sorted(set(request.query) - known):
            words = f"The query parameter [{unknown[0]}] is not one of {sorted(known)}"
            return Reply(400, _problem(400, "Invalid Request", words))
        return None

    def _uploaded(self, body: dict[str, str]) -> Reply:
        if "media.write" not in self.scope:
            return Reply(403, _problem(403, "Forbidden", "Forbidden"))
        name = str(1_880_000_000_000_000_001 + len(self.media))
        self.media[name] = {"content": base64.b64decode(body["media"]), "category": body["media_category"]}
        return Reply(data={"data": {"id": name, "media_key": f"3_{name}", "expires_after_secs": 86_400}})

    def _oauth(self, request: Request) -> Reply:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return Reply(
                401,
                {"error": "unauthorized_client", "error_description": "Missing valid authorization header"},
            )
        form = request.form()
        if request.path == "/2/oauth2/revoke":
            self.revoked.append(form["token"])
            return Reply(data={"revoked": True})
        is_code = (
            form["grant_type"] == "authorization_code" and form["code"] == CODE and form["code_verifier"]
        )
        is_refresh = (
            form["grant_type"] == "refresh_token" and form["refresh_token"] == self.refresh_tokens[-1]
        )
        if not is_code and not is_refresh:
            if form.get("refresh_token") in self.refresh_tokens:  # used before: the whole family is dead
                self.refresh_tokens.append("")
            return Reply(
                400,
                {"error": "invalid_request", "error_description": "Value passed for the token was invalid."},
            )
        self.refresh_tokens.append(f"{REFRESH}-{len(self.refresh_tokens)}")
        tokens = {"access_token": TOKEN, "refresh_token": self.refresh_tokens[-1]}
        return Reply(data={**tokens, "token_type": "bearer", "expires_in": 7200, "scope": self.scope})


def _problem(status: int, title: str, detail: str, kind: str = "about:blank") -> dict[str, Any]:
    return {"status": status, "title": title, "detail": detail, "type": kind}


def _shortened(text: str) -> str:
    return LINK.sub("https://t.co/abcdefghij", text).replace("&", "&amp;")


def _as_listed(post_id: str, body: dict[str, Any]) -> dict[str, Any]:
    links = [_link(found.start(), found.end(), found[0]) for found in LINK.finditer(body["text"])]
    return {"id": post_id, "text": _shortened(body["text"]), "entities": {"urls": links} if links else {}}


def _link(start: int, end: int, link: str) -> dict[str, Any]:
    return {"start": start, "end": end, "url": "https://t.co/abcdefghij", "expanded_url": link}
