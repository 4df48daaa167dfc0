"""The desk: look-ups for an event loop, which must never wait for a database.

What is remembered and believed is given at once. Everything else is asked in one thread, all that came together by one
query, and nothing twice at the same time. A link that is no longer fresh is given as it was while it is read again, so
that a popular one never waits; at twice that age, it is read before it is given.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from time import monotonic
from typing import Final, NamedTuple

from portevoix.links.click_ids import Key as ClickKey
from portevoix.redirector.answer import Link
from portevoix.redirector.memory import NEVER
from portevoix.redirector.store import (
    PREVIEW_FRESH_SECONDS,
    DatabaseAway,
    Row,
    Store,
    are_secrets_fresh,
    secret_at,
)

PATIENCE_SECONDS: Final = 0.25  # a database that takes longer is treated as away by links that are remembered


class PreviewOf(NamedTuple):
    """The card of a link is asked for, not the link."""

    code: str


Key = str | int | PreviewOf  # a code, the organisation whose secrets are asked for, or a card
Then = Callable[[bool], None]


class Awaited(Enum):
    """The answer is not known yet: ask for it, and come again."""

    AWAITED = 0


AWAITED: Final = Awaited.AWAITED


class Desk:
    """Finds links and secrets in a store without ever waiting; for one event loop."""

    def __init__(self, store: Store, loop: asyncio.AbstractEventLoop) -> None:
        self.hits = 0
        self.misses = 0
        self._store = store
        self._loop = loop
        self.counter: Sequence[int] = store.counter
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="portevoix-desk")
        self._asked: dict[Key, list[Then]] = {}
        self._asking: dict[Key, list[Then]] = {}
        self._is_slow = False  # the database takes longer than our patience
        self._is_closed = False

    def find(self, code: str) -> Link | Awaited | None:
        """The link of a well-formed code, None when there is none, or `AWAITED`."""
        store = self._store
        if self.counter[0] != store.seen:
            store.catch_up()
        now = monotonic()
        known = store.links.get(code)
        if known is not None:
            age = now - known[0]
            if age >= store.fresh_seconds and not store.is_resting(now):
                if age >= 2 * store.fresh_seconds and (known[0] == NEVER or not self._is_slow):
                    return AWAITED
                self.ask(code)
            self.hits += 1
            return known[1]
        absent = store.absent.get(code)
        if absent is not None and now - absent[0] < store.fresh_seconds:
            return None
        return AWAITED

    def secret(self, organisation_id: int, moment: float) -> tuple[bytes | None, float] | Awaited:
        """An organisation's secret of a moment in seconds since 1970 (None: it has none) and until when it holds, or
        `AWAITED`."""
        known = self._store.secrets.get(organisation_id)
        if known is None:
            return AWAITED
        now = monotonic()
        if not are_secrets_fresh(known, now, moment) and not self._store.is_resting(now):
            self.ask(organisation_id)
        return secret_at(known[1], moment)

    def preview(self, code: str) -> bytes | Awaited:
        """The page of a link's card, empty when it has none, or `AWAITED`."""
        known = self._store.previews.get(code)
        if known is None:
            return AWAITED
        now = monotonic()
        if now - known[0] >= PREVIEW_FRESH_SECONDS and not self._store.is_resting(now):
            self.ask(PreviewOf(code))
        return known[1]

    def click_key(self, link: Link) -> ClickKey | None:
        """The key of a link's click ids; None when it carries none."""
        return self._store.click_key(link)

    def ask(self, key: Key, then: Then | None = None) -> None:
        """Reads a link or a secret of the database; then calls `then`, with whether the database is away."""
        waiting = self._asking.get(key)
        if waiting is None:
            waiting = self._asked.setdefault(key, [])
        if then is not None:
            self.misses += 1
            waiting.append(then)
        if self._asked and not self._asking:
            self._ask_all()

    def close(self) -> None:
        """Asks nothing more."""
        self._is_closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _ask_all(self) -> None:
        if self._is_closed:
            return
        self._store.catch_up()  # what changes from here on is what was changed while it was read
        self._asking, self._asked = self._asked, {}
        self._is_slow = False
        seen = self._store.seen
        reading = self._loop.run_in_executor(self._thread, _read, self._store, list(self._asking))
        reading.add_done_callback(lambda done: self._take(done.result(), seen))
        self._loop.call_later(PATIENCE_SECONDS, self._lose_patience, self._asking)

    def _take(self, found: "_Found | None", seen: int) -> None:
        asking, self._asking = self._asking, {}
        self._is_slow = False
        if found is not None:
            self._keep(found, seen)
            self._ask_again(asking, seen)
        for waiting in asking.values():
            for then in waiting:
                then(found is None)
        if self._asked and not self._asking:
            self._ask_all()

    def _keep(self, found: "_Found", seen: int) -> None:
        now = monotonic()  # however long it took, or a slow database would be asked for ever
        self._store.remember(found.codes, found.rows, now, seen)
        for organisation_id, rows in found.secrets.items():
            self._store.remember_secrets(organisation_id, rows, now)
        for code, page in found.previews.items():
            self._store.remember_preview(code, page, now, seen)

    def _ask_again(self, asking: dict[Key, list[Then]], seen: int) -> None:
        """Who asked after a change, while it was being read without it, is not told what was before."""
        changed = self._store.changed_since(seen)
        for key in [key for key in asking if isinstance(key, str) and (changed is None or key in changed)]:
            self._asked.setdefault(key, []).extend(asking.pop(key))

    def _lose_patience(self, asking: dict[Key, list[Then]]) -> None:
        """Who waits for a link that is remembered, though old, waits no longer; what changed is still waited for."""
        if asking is not self._asking:
            return
        self._is_slow = True
        for key, waiting in asking.items():
            known = self._store.links.get(key) if isinstance(key, str) else None
            if known is not None and known[0] != NEVER:
                released, waiting[:] = waiting[:], []
                for then in released:
                    then(False)


class _Found:
    """What one reading of the database gave."""

    def __init__(
        self, codes: list[str], rows: list[Row], secrets: dict[int, list[Row]], previews: dict[str, bytes]
    ) -> None:
        self.codes = codes
        self.rows = rows
        self.secrets = secrets
        self.previews = previews


def _read(store: Store, keys: list[Key]) -> _Found | None:
    """Everything that is asked, in as few queries as can be; None when the database is away. Runs in the thread."""
    codes = [key for key in keys if isinstance(key, str)]
    wanted = [key for key in keys if isinstance(key, int)]
    try:
        rows = store.ask(monotonic(), lambda: store.source.links(codes)) if codes else []
        secrets = {organisation_id: _secrets(store, organisation_id) for organisation_id in wanted}
        previews = {
            key.code: store.read_preview(key.code, monotonic()) for key in keys if isinstance(key, PreviewOf)
        }
    except DatabaseAway:
        return None
    return _Found(codes, rows, secrets, previews)


def _secrets(store: Store, organisation_id: int) -> list[Row]:
    return store.ask(monotonic(), lambda: store.source.secrets(organisation_id))
