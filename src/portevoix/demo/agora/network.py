"""Agora without HTTP: what it does and what it refuses, behind one lock. Moments are in seconds since 1970."""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import asdict, replace
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from portevoix.demo import company
from portevoix.demo.agora import keeping
from portevoix.demo.agora.grants import Consent, Grants, Tokens
from portevoix.demo.agora.records import Account, NewPost, Picture, Post, State
from portevoix.networks import counting

NAMES = tuple(f"{person.given_name} {person.family_name}" for person in company.CAST)
MAX_LENGTH = 600  # characters as a reader sees them
MAX_POINTS = 10_000  # one character as a reader sees it may be made of any number of others
MAX_NAME = 60
MAX_ADDRESS = 2_000
MAX_TITLE = 300  # beyond, what surrounds the text is cut, not refused
MAX_ALT = 2_000
MAX_PICTURE = 5_000_000
# What is handed in as a picture is handed out under the same type: only types that browsers draw and never run.
SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


class NotTaken(Exception):
    """Agora does not take it; `code` says why, as its interface does."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Agora:
    """The network. `file` keeps it across restarts; `honours_keys` may be turned off, as it is on most networks."""

    def __init__(
        self, *, file: Path | None = None, names: tuple[str, ...] = NAMES, honours_keys: bool = True
    ) -> None:
        self.honours_keys = honours_keys
        self._file = file
        self._lock = Lock()
        self._state = keeping.load(file) if file else State()
        self._grants = Grants(self._state.tokens)
        self._keys: dict[tuple[str, str], str] = {}
        self._of_account: dict[str, dict[str, Post]] = {}
        for post in self._state.posts.values():
            self._index(post)
        if not self._state.accounts:
            for name in names:
                self._open(name)
        self._invented = len(names)

    # Accounts

    def open_account(self, name: str) -> Account:
        """A new account of that name; refuses one without a letter or a figure."""
        with self._lock:
            account = self._open(name)
            self._save()
            return account

    def account(self, account_id: str) -> Account | None:
        """The account of that identifier."""
        with self._lock:
            return self._state.accounts.get(account_id)

    def account_called(self, handle: str) -> Account | None:
        """The account of that handle, whatever the case."""
        wanted = handle.casefold()
        with self._lock:
            return next((one for one in self._state.accounts.values() if one.handle == wanted), None)

    def offered_accounts(self, limit: int = 8) -> tuple[Account, ...]:
        """Those to choose from: the invented ones, after the latest that visitors opened."""
        with self._lock:
            accounts = tuple(self._state.accounts.values())
        invented, opened = accounts[: self._invented], accounts[self._invented :]
        return (*opened[::-1][: max(limit - len(invented), 0)], *invented)[:limit]

    # Sign-in

    def consent(self, consent: Consent, now: float) -> str:
        """The code that a consent gives to whoever asked."""
        with self._lock:
            return self._grants.new_code(consent, now)

    def redeem(self, code: str, redirect_uri: str, verifier: str, now: float) -> Tokens:
        """The tokens for a code; `BadGrant` otherwise."""
        with self._lock:
            try:
                return self._grants.redeem(code, redirect_uri, verifier, now)
            finally:  # a refusal may have ended a family
                self._save()

    def refresh(self, token: str, now: float) -> Tokens:
        """The next tokens for a refresh token; `BadGrant` otherwise."""
        with self._lock:
            try:
                return self._grants.refresh(token, now)
            finally:
                self._save()

    def revoke(self, token: str) -> None:
        """Ends everything that came of one sign-in."""
        with self._lock:
            self._grants.revoke(token)
            self._save()

    def speaker(self, access_token: str, scope: str, now: float) -> Account:
        """Whom the token speaks for; `BadToken`, or `ScopeMissing`."""
        with self._lock:
            return self._state.accounts[self._grants.speaker(access_token, scope, now)]

    # Posts

    def publish(self, account: Account, new: NewPost, now: float) -> tuple[Post, bool]:
        """The post, and whether it is new: the same key of the same account gives the first post again."""
        with self._lock:
            first = self._keys.get((account.id, new.key)) if new.key and self.honours_keys else None
            if first:
                return self._state.posts[first], False
            self._check(new)
            said = asdict(_trimmed(new))
            post = Post(**said, id=secrets.token_hex(6), account_id=account.id, created_at=now)
            self._state.posts[post.id] = post
            self._index(post)
            self._save()
            return post, True

    def post(self, post_id: str) -> Post | None:
        """The post of that identifier."""
        with self._lock:
            return self._state.posts.get(post_id)

    def posts_of(self, account: Account, link: str = "") -> list[Post]:
        """A person's posts, the newest first; with a link, those that carry it or have it in their words."""
        with self._lock:
            posts = list(self._of_account.get(account.id, {}).values())
        return [post for post in reversed(posts) if not link or link == post.link or link in post.text]

    def latest(self, limit: int = 50) -> list[tuple[Account, Post]]:
        """Everybody's posts, the newest first."""
        with self._lock:
            posts = list(self._state.posts.values())[: -limit - 1 : -1]
            return [(self._state.accounts[post.account_id], post) for post in posts]

    def delete(self, account: Account, post_id: str) -> bool:
        """Takes a post off; False when the person has no such post."""
        with self._lock:
            post = self._of_account.get(account.id, {}).pop(post_id, None)
            if post is None:
                return False
            del self._state.posts[post_id]
            self._keys.pop((account.id, post.key), None)
            self._save()
            return True

    # Pictures

    def add_picture(self, content: bytes, media_type: str) -> Picture:
        """Keeps a picture; the same one twice is one."""
        signature = SIGNATURES.get(media_type)
        if signature is None or not signature.match(content):
            raise NotTaken("not_a_picture")
        if len(content) > MAX_PICTURE:
            raise NotTaken("too_big")
        picture = Picture(hashlib.sha256(content).hexdigest()[:24], media_type, content)
        with self._lock:
            if picture.id not in self._state.pictures:
                self._state.pictures[picture.id] = picture
                self._save()
        return picture

    def picture(self, picture_id: str) -> Picture | None:
        """The picture of that identifier."""
        with self._lock:
            return self._state.pictures.get(picture_id)

    # Inside, the lock held

    def _open(self, name: str) -> Account:
        shown = clean_name(name)
        stem = handle_of(shown)
        if not stem:
            raise NotTaken("no_name")
        taken = {account.handle for account in self._state.accounts.values()}
        numbered = (f"{stem}{number}" for number in range(2, len(taken) + 3))
        handle = next(one for one in (stem, *numbered) if one not in taken)
        # From the handle: the invented people are the same ones after their file was lost.
        account = Account(hashlib.sha256(f"agora {handle}".encode()).hexdigest()[:12], handle, shown)
        self._state.accounts[account.id] = account
        return account

    def _check(self, new: NewPost) -> None:
        if not new.text.strip() and not new.link:
            raise NotTaken("nothing_to_say")
        if len(new.text) > MAX_POINTS or length_of(new.text) > MAX_LENGTH:
            raise NotTaken("too_long")
        if new.link and not is_web_address(new.link):
            raise NotTaken("bad_link")
        if new.picture and new.picture not in self._state.pictures:
            raise NotTaken("no_such_picture")

    def _index(self, post: Post) -> None:
        self._of_account.setdefault(post.account_id, {})[post.id] = post
        if post.key:
            self._keys.setdefault((post.account_id, post.key), post.id)

    def _save(self) -> None:
        if self._file:
            keeping.save(self._file, self._state)


def _trimmed(new: NewPost) -> NewPost:
    language = new.language if _LANGUAGE.fullmatch(new.language) else ""
    text = new.text.replace("\r\n", "\n").strip()
    return replace(new, text=text, title=new.title[:MAX_TITLE], alt=new.alt[:MAX_ALT], language=language)


def length_of(text: str) -> int:
    """The length of a text as Agora counts it."""
    return counting.grapheme_length(text.replace("\r\n", "\n").strip())


def clean_name(name: str) -> str:
    """A name on one line, without what cannot be seen: controls could turn the words around it."""
    seen = "".join(letter for letter in name if letter.isspace() or unicodedata.category(letter)[0] != "C")
    return " ".join(seen.split())[:MAX_NAME].strip()


def handle_of(name: str) -> str:
    """The handle that a name gives: its letters in small, without accents, words joined by dots."""
    parts = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in parts if unicodedata.category(letter)[0] != "M")
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return ".".join(words)[:30].strip(".")


def is_web_address(address: str) -> bool:
    """Whether a page may link to it: http or https, a host, nothing that hides the host."""
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
    plain = address.isprintable() and " " not in address and "\\" not in address
    return parts.scheme in ("http", "https") and named and plain and len(address) <= MAX_ADDRESS
