"""Agora's file: its whole state as JSON, replaced in one step, so that it is read whole or not at all."""

import base64
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portevoix.demo.agora.records import Account, Picture, Post, State, Token


def load(file: Path) -> State:
    """What the file holds; an empty state when it is missing or makes no sense."""
    try:
        return _state(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return State()


def save(file: Path, state: State) -> None:
    """Replaces the file. Nobody else may read it: it says who may speak for whom."""
    content = json.dumps(_rows(state))
    beside = file.with_name(f"{file.name}.new")
    beside.touch(mode=0o600)
    beside.write_text(content, "utf-8")
    os.replace(beside, file)


def _rows(state: State) -> dict[str, Any]:
    return {
        "accounts": [asdict(account) for account in state.accounts.values()],
        "posts": [asdict(post) for post in state.posts.values()],
        "pictures": [
            {"id": one.id, "media_type": one.media_type, "content": base64.b64encode(one.content).decode()}
            for one in state.pictures.values()
        ],
        "tokens": {digest: asdict(token) for digest, token in state.tokens.items()},
    }


def _state(rows: dict[str, Any]) -> State:
    accounts = {account.id: account for account in (Account(**row) for row in rows["accounts"])}
    posts = [Post(**row) for row in rows["posts"]]
    pictures = [
        Picture(row["id"], row["media_type"], base64.b64decode(row["content"])) for row in rows["pictures"]
    ]
    tokens = {
        digest: Token(**{**row, "scopes": tuple(row["scopes"])}) for digest, row in rows["tokens"].items()
    }
    return State(
        accounts,
        {post.id: post for post in posts if post.account_id in accounts},
        {picture.id: picture for picture in pictures},
        {digest: token for digest, token in tokens.items() if token.account_id in accounts},
    )
