"""Agora for programs: who one is, posts, pictures. JSON in, JSON out; errors are `{"error": code}`."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from portevoix.demo.agora.exchange import Reply, Request, data, error
from portevoix.demo.agora.figures import figures
from portevoix.demo.agora.grants import BadToken, ScopeMissing
from portevoix.demo.agora.network import Agora, NotTaken
from portevoix.demo.agora.records import Account, NewPost, Post

STATUSES = {"not_a_picture": 415, "too_big": 413}
_MISSING = error(404, "not_found")


def reply(agora: Agora, request: Request, base: str, now: float) -> Reply:
    """The answer to a request under /api; `base` is what absolute addresses begin with."""
    match request.method, *request.path[1:]:
        case "GET", "me":
            scope, act = "me", _me
        case (("POST" | "GET"), "posts"):
            scope, act = "posts", _publish if request.method == "POST" else _list
        case (("GET" | "DELETE"), "posts", _):
            scope, act = "posts", _read if request.method == "GET" else _delete
        case "POST", "pictures":
            scope, act = "posts", _upload
        case _:
            return _MISSING
    try:
        account = agora.speaker(_bearer(request), scope, now)
        return act(agora, account, request, base, now)
    except BadToken:
        return error(401, "invalid_token", ("WWW-Authenticate", 'Bearer error="invalid_token"'))
    except ScopeMissing:
        return error(403, "insufficient_scope")
    except NotTaken as why:
        return error(STATUSES.get(why.code, 422), why.code)


def address_of(account: Account, post: Post | None = None) -> str:
    """The path of a person's page, or of a post of theirs."""
    return f"/@{quote(account.handle)}" + (f"/{post.id}" if post else "")


def _me(agora: Agora, account: Account, request: Request, base: str, now: float) -> Reply:
    url = base + address_of(account)
    return data(200, {"id": account.id, "handle": account.handle, "name": account.name, "url": url})


def _publish(agora: Agora, account: Account, request: Request, base: str, now: float) -> Reply:
    new = _new_post(request)
    if new is None:
        return error(400, "invalid_request")
    post, is_new = agora.publish(account, new, now)
    return data(201 if is_new else 200, _facts(account, post, base, now))


def _list(agora: Agora, account: Account, request: Request, base: str, now: float) -> Reply:
    posts = agora.posts_of(account, request.query.get("link", ""))
    return data(200, {"posts": [_facts(account, post, base, now) for post in posts]})


def _read(agora: Agora, account: Account, request: Request, base: str, now: float) -> Reply:
    post = agora.post(request.path[2])
    if post is None or post.account_id != account.id:
        return _MISSING
    return data(200, _facts(account, post, base, now))


def _delete(agora: Agora, account: Account, request: Request, base: str, now: float) -> Reply:
    return Reply(204, "", b"") if agora.delete(account, request.path[2]) else _MISSING


def _upload(agora: Agora, account: Account, request: Request, base: str, now: float) -> Reply:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    picture = agora.add_picture(request.body, media_type)
    return data(201, {"id": picture.id, "url": f"{base}/pictures/{picture.id}"})


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _new_post(request: Request) -> NewPost | None:
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    names = ("text", "link", "title", "picture", "alt", "language")
    facts = {name: said.get(name, "") for name in names}
    if not all(isinstance(value, str) for value in facts.values()):
        return None
    return NewPost(**facts, key=request.headers.get("idempotency-key", ""))


def _facts(account: Account, post: Post, base: str, now: float) -> dict[str, Any]:
    found = figures(post.id, now - post.created_at)
    return {
        "id": post.id,
        "url": base + address_of(account, post),
        "key": post.key,
        "account": account.id,
        "text": post.text,
        "link": post.link,
        "title": post.title,
        "picture": f"{base}/pictures/{post.picture}" if post.picture else "",
        "alt": post.alt,
        "language": post.language,
        "created_at": datetime.fromtimestamp(post.created_at, UTC).isoformat(),
        "views": found.views,
        "likes": found.likes,
        "reposts": found.reposts,
        "replies": found.replies,
    }
