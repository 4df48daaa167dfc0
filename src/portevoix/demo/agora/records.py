"""What Agora holds. Moments are in seconds since 1970."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Account:
    """Somebody's place on Agora; the identifier never changes."""

    id: str
    handle: str
    name: str


@dataclass(frozen=True, kw_only=True)
class NewPost:
    """A post as it is handed in. `key` is what makes it itself; `picture` is the identifier of an uploaded one."""

    text: str
    key: str = ""
    link: str = ""
    title: str = ""
    picture: str = ""
    alt: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Post(NewPost):
    """A post that is there."""

    id: str
    account_id: str
    created_at: float


@dataclass(frozen=True)
class Picture:
    """An uploaded picture."""

    id: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Token:
    """What is known of a token, which itself is not kept. All tokens of one sign-in are a family.

    `ends_at` is None for a refresh token, which ends by being used.
    """

    family: str
    account_id: str
    scopes: tuple[str, ...]
    ends_at: float | None = None
    used: bool = False


@dataclass
class State:
    """Everything that outlives a restart; tokens by the digest of their text."""

    accounts: dict[str, Account] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
