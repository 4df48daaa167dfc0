"""LinkedIn as a fake, as measured and reported until November 2026.

It reads little text by a reader of its own and cuts it at the first bare mark, asks for its dated version, keeps the name
of a post in a header, knows a post again and may name it, opens analytics to few, and repeats tokens in what it says.
"""

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

RESERVED = frozenset("\\|{}@[]()<>#*_~")
CLIENT, SUB = "78linkedin0client", "8675309"
AUTHOR = f"urn:li:person:{SUB}"
UPLOADS = "https://www.linkedin.com/dms-uploads"
OLD_METRIC = "com.linkedin.adsexternalapi.memberanalytics.v1.CreatorPostAnalyticsMetricTypeV1"


@dataclass
class _Post:
    urn: str
    body: dict[str, Any]

    @property
    def text(self) -> str:
        return as_shown(self.body["commentary"])

    @property
    def link(self) -> str:
        found = self.body.get("content", {}).get("article", {}).get("source", "")
        return str(found)


def as_shown(little: str) -> str:
    """What readers see of little text: cut where a reserved mark stands bare."""
    shown, place = "", 0
    while place < len(little):
        if little.startswith("{hashtag|\\#|", place):
            end = _end_of_element(little, place)
            shown += "#" + as_shown(little[place + len("{hashtag|\\#|") : end])
            place = end + 1
        elif little[place] == "\\":
            shown += little[place + 1 : place + 2]
            place += 2
        elif little[place] in RESERVED:
            break
        else:
            shown += little[place]
            place += 1
    return shown


def _end_of_element(little: str, place: int) -> int:
    while little[place] != "}":
        place += 2 if little[place] == "\\" else 1
    return place


@dataclass
class FakeLinkedIn(FakeNetwork):
    """LinkedIn; its moods are fields."""

    hosts = ("api.linkedin.com", "www.linkedin.com")
    publishing = r"POST /rest/posts"

    names_duplicates: bool = True
    versions: tuple[str, ...] = ("202609", "202611")
    opens_analytics: bool = True
    old_metrics: bool = False
    gives_refresh: bool = False
    upload_base: str = UPLOADS
    forbids_reshare: bool = False
    posts: dict[str, _Post] = field(default_factory=dict)
    ghosts: list[_Post] = field(default_factory=list)
    uploaded: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def grant(self) -> Grant:
        scopes = ("openid", "profile", "w_member_social", "r_member_postAnalytics")
        return Grant(AUTHOR, TOKEN, expires_at=NOW + 5_184_000, scopes=scopes)

    def disowns_token(self) -> Fault:
        words = f"The token {TOKEN} used in the request has been revoked by the user"
        return says(
            401, {"status": 401, "serviceErrorCode": 65601, "code": "REVOKED_ACCESS_TOKEN", "message": words}
        )

    def errs_in_200(self) -> Fault:
        return says(200, {"status": 500, "message": "Internal Server Error"})

    def shown(self) -> list[Shown]:
        return [Shown(post.urn, post.text, post.link) for post in self.posts.values()]

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/oauth/"):
            return self._token(request.form())
        if request.token != TOKEN:
            return _error(401, f"Invalid access token {request.token}", "INVALID_ACCESS_TOKEN")
        if request.path == "/v2/userinfo":
            return Reply(data={"sub": SUB, "name": "Ana Lopes", "locale": {"country": "PT"}})
        if request.path.startswith("/dms-uploads/"):
            self.uploaded[request.path.rpartition("/")[2]] = request.body
            return Reply(201)
        return self._versioned(request)

    def _versioned(self, request: Request) -> Reply:
        if request.headers.get("x-restli-protocol-version") != "2.0.0":
            return _error(400, "X-Restli-Protocol-Version is missing")
        if (version := request.headers.get("linkedin-version", "")) not in self.versions:
            return _error(426, f"Requested version {version}01 is not active", "NONEXISTENT_VERSION")
        name = request.path.rpartition("/")[2]
        match request.method, request.path:
            case "POST", "/rest/images" | "/rest/documents":
                return self._place(name.removesuffix("s"))
            case "POST", "/rest/posts":
                return self._published(request.json())
            case "DELETE", _ if name in self.posts:
                self.ghosts.append(self.posts.pop(name))
                return Reply(204)
            case "GET", "/rest/memberCreatorPostAnalytics":
                return self._figure(request.query)
        return _error(404, "Not found", "RESOURCE_NOT_FOUND")

    def _place(self, kind: str) -> Reply:
        number = str(len(self.uploaded) + 1)
        self.uploaded[number] = b""
        address = f"{self.upload_base}/{number}"
        return Reply(data={"value": {"uploadUrl": address, kind: f"urn:li:{kind}:{number}"}})

    def _published(self, body: dict[str, Any]) -> Reply:
        if body["author"] != AUTHOR:
            return _error(
                403, "Data Processing Exception while processing fields [/author]", "ACCESS_DENIED_AUTHOR"
            )
        if body.get("reshareContext") and self.forbids_reshare:
            return _error(422, "The post cannot be reshared: reshare is disabled by its author")
        for post in (*self.posts.values(), *self.ghosts):
            if post.body == body:
                return self._duplicate(post.urn)
        urn = f"urn:li:share:{7_141_000_000_000_000_001 + len(self.posts) + len(self.ghosts)}"
        self.posts[urn] = _Post(urn, body)
        return Reply(201, headers={"x-restli-id": urn})

    def _duplicate(self, urn: str) -> Reply:
        named = f": Content is a duplicate of {urn}" if self.names_duplicates else ""
        problem = {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
        details = {
            "errorDetails": {"inputErrors": [problem]},
            "errorDetailType": "com.linkedin.common.error.BadRequest",
        }
        return Reply(422, {"status": 422, "message": f"BadRequestResponseException{named}", **details})

    def _figure(self, query: Any) -> Reply:
        if not self.opens_analytics:
            return _error(
                403, "Not enough permissions to access: memberCreatorPostAnalytics", "ACCESS_DENIED"
            )
        kind, _, urn = query["entity"].strip("()").partition(":")
        if urn not in self.posts or not urn.startswith(f"urn:li:{kind}"):
            return _error(404, "Not found")
        metric: Any = {OLD_METRIC: query["queryType"]} if self.old_metrics else query["queryType"]
        count = 10 + len(query["queryType"])
        return Reply(data={"elements": [{"count": count, "metricType": metric}], "paging": {"start": 0}})

    def _token(self, form: dict[str, str]) -> Reply:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return Reply(
                401, {"error": "invalid_client", "error_description": "Client authentication failed"}
            )
        is_code = form["grant_type"] == "authorization_code" and form.get("code") == CODE
        is_refresh = form["grant_type"] == "refresh_token" and form.get("refresh_token") == REFRESH
        if not is_code and not is_refresh:
            words = "Unable to retrieve access token: authorization code not found"
            return Reply(401, {"error": "invalid_request", "error_description": words})
        given = {"access_token": TOKEN, "expires_in": 5_184_000, "scope": "openid,profile,w_member_social"}
        more = (
            {"refresh_token": REFRESH, "refresh_token_expires_in": 31_536_000} if self.gives_refresh else {}
        )
        return Reply(data={**given, **more})


def _error(status: int, message: str, code: str = "") -> Reply:
    said = {"status": status, "message": message, "serviceErrorCode": 100}
    return Reply(status, {**said, "code": code} if code else said)
