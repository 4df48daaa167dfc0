"""Threads as a fake, as Meta documents it and others report it until November 2026.

It lays a post out in a container and publishes each container once, gives the post another identifier, answers 400 for
nearly everything, loses a container now and then, keeps tokens in addresses, and repeats them in what it says.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from networks.fakes.server import (
    CODE,
    NOW,
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
from portevoix.networks.threads.sign_in import SCOPES

CLIENT, USER, SHORT = "990602627938098", "23987686784154536", "tok-s3cr3t-hour"
LINK = re.compile(r"https://[^\s]+")
METRICS = ("views", "likes", "replies", "reposts", "quotes")
MISSING = {"code": 24, "error_subcode": 4279009, "message": "The requested resource does not exist"}


@dataclass
class FakeThreads(FakeNetwork):
    """Threads; its moods are fields."""

    hosts = ("graph.threads.net",)
    publishing = rf"POST /v1\.0/{USER}/threads_publish"

    hides_posts: bool = False
    opens_insights: bool = True
    new_insights: bool = False
    renews: bool = True
    permalink_is_up: bool = True
    containers: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    posts: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def grant(self) -> Grant:
        until = NOW + 40 * 24 * 3600
        return Grant(USER, TOKEN, TOKEN, expires_at=until, refresh_expires_at=until, scopes=SCOPES)

    def disowns_token(self) -> Fault:
        words = f"Error validating access token {TOKEN}: the session has expired"
        return says(
            400, {"error": {"message": words, "type": "OAuthException", "code": 190, "error_subcode": 463}}
        )

    def errs_in_200(self) -> Fault:
        return says(200, {"error": {"message": "An unknown error has occurred.", "code": 1}})

    def shown(self) -> list[Shown]:
        return [
            Shown(name, post["text"], post.get("link_attachment_url", ""))
            for name, post in self.posts.items()
        ]

    def answer(self, request: Request) -> Reply:
        if "v1.0" not in request.path:
            return self._oauth(request)
        asked = {**request.query, **(request.form() if request.method == "POST" else {})}
        if asked.get("access_token") != TOKEN:
            return error(190, f"Invalid OAuth access token {asked.get('access_token')}")
        name = request.path.removeprefix("/v1.0/").split("/")[0]
        match request.method, request.path.removeprefix(f"/v1.0/{name}"):
            case "GET", "" if name == "me":
                return Reply(data={"id": USER, "username": "analopes", "name": "Ana Lopes"})
            case "POST", "/threads":
                return self._laid_out(asked)
            case "POST", "/threads_publish":
                return self._published(asked["creation_id"])
            case "GET", "/threads":
                listed = [] if self.hides_posts else list(reversed(self.posts.values()))
                return Reply(data={"data": listed, "paging": {}})
            case "GET", "/insights":
                return self._insights(name)
            case "GET", "":
                return self._thing(name)
            case "DELETE", "" if self.posts.pop(name, None):
                return Reply(data={"success": True, "deleted_id": name})
        return Reply(400, {"error": MISSING})

    def _laid_out(self, asked: dict[str, str]) -> Reply:
        links = {*LINK.findall(asked["text"]), *filter(None, [asked.get("link_attachment")])}
        if len(links) > 5:
            return error(100, "Invalid parameter", error_data="THREADS_API__LINK_LIMIT_EXCEEDED")
        name = str(17_889_000_000_000_001 + len(self.containers))
        self.containers[name], self.statuses[name] = asked, "FINISHED"
        return Reply(data={"id": name})

    def _published(self, container: str) -> Reply:
        if self.statuses.get(container) != "FINISHED":
            return Reply(400, {"error": {**MISSING, "error_user_msg": f"Cannot find {container}"}})
        self.statuses[container] = "PUBLISHED"
        asked = self.containers[container]
        name = str(18_040_000_000_000_001 + len(self.posts))
        attached = {"link_attachment_url": asked["link_attachment"]} if asked.get("link_attachment") else {}
        permalink = f"https://www.threads.net/@analopes/post/{name}"
        post = {"id": name, "permalink": permalink, "timestamp": "2026-11-30T09:00:05+0000", **attached}
        self.posts[name] = {**post, "text": asked["text"]}
        return Reply(data={"id": name})

    def _thing(self, name: str) -> Reply:
        if name in self.posts and self.permalink_is_up:
            return Reply(data={"id": name, "permalink": self.posts[name]["permalink"]})
        if name in self.statuses:
            return Reply(data={"id": name, "status": self.statuses[name]})
        return error(100, "Unsupported get request", error_subcode=33)

    def _insights(self, name: str) -> Reply:
        if not self.opens_insights:
            return error(10, "Application does not have permission for this action")
        if name not in self.posts:
            return error(100, "Unsupported get request", error_subcode=33)
        figures = {metric: place for place, metric in enumerate(METRICS)}
        if self.new_insights:
            return Reply(
                data={"data": [{"name": n, "total_value": {"value": v}} for n, v in figures.items()]}
            )
        return Reply(data={"data": [{"name": n, "values": [{"value": v}]} for n, v in figures.items()]})

    def _oauth(self, request: Request) -> Reply:
        asked = {**request.query, **(request.form() if request.method == "POST" else {})}
        if "client_secret" in asked and asked["client_secret"] != SECRET:
            return error(1, f"Error validating client secret {asked['client_secret']}.")
        match asked["grant_type"]:
            case "client_credentials" if asked["client_id"] == CLIENT:
                return Reply(data={"access_token": f"TH|{CLIENT}|abc", "token_type": "bearer"})
            case "authorization_code" if asked["code"] == CODE:
                return Reply(data={"access_token": SHORT, "user_id": int(USER)})
            case "th_exchange_token" if asked["access_token"] == SHORT:
                return Reply(data={"access_token": TOKEN, "token_type": "bearer", "expires_in": 5_183_944})
            case "th_refresh_token" if asked["access_token"] == TOKEN and self.renews:
                return Reply(
                    data={"access_token": f"{TOKEN}-2", "token_type": "bearer", "expires_in": 5_183_944}
                )
            case "th_refresh_token" if asked["access_token"] == TOKEN:
                return error(100, "Invalid parameter: the token is not old enough")
            case "th_refresh_token":
                return error(190, f"Cannot parse access token {asked['access_token']}")
        return Reply(
            400, {"error_message": f"Invalid verification code {asked.get('code')}", "error_code": 100}
        )


def error(code: int, message: str, **more: Any) -> Reply:
    """A refusal as Meta writes it."""
    return Reply(400, {"error": {"message": message, "type": "OAuthException", "code": code, **more}})
