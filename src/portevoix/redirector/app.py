"""The redirector as WSGI, in front of another application: `/r/CODE` is answered here, everything else behind."""

import atexit
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from portevoix.core.origin import trusted_networks, visitor_address
from portevoix.env import Environment
from portevoix.links.previews import builds_preview
from portevoix.links.segments import clicks_folder
from portevoix.links.visitors import visitor_hash
from portevoix.redirector.answer import (
    PREFIX,
    Answer,
    Asked,
    Link,
    answer_absent,
    answer_away,
    answer_link,
    answer_not_allowed,
    answer_preview,
    clean_agent,
    code_of,
)
from portevoix.redirector.spool import Spool
from portevoix.redirector.store import DatabaseAway, Store, make_store

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

_STATUS: Final = {
    200: "200 OK",
    302: "302 Found",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    503: "503 Service Unavailable",
}
_METHODS: Final = ("GET", "HEAD")
# How browsers say that nobody clicked yet: today's word, yesterday's, Firefox's, Safari's.
_PURPOSES: Final = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ", "HTTP_X_PURPOSE")


class Redirector:
    """A WSGI application that answers tracked links and leaves the rest to the one behind it."""

    def __init__(
        self,
        behind: "WSGIApplication",
        store: Store,
        spool: Spool,
        *,
        trusted_proxies: Iterable[str] = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        self.store = store
        self.spool = spool
        self._behind = behind
        self._trusted = trusted_networks(tuple(trusted_proxies))
        self._now = now

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return self._behind(environ, start_response)
        answer = self.answer(path, environ)
        if answer.frame:
            self.spool.record(answer.frame)
        start_response(_STATUS[answer.status], answer.headers)
        return (answer.body,)

    def answer(self, path: str, environ: Mapping[str, Any]) -> Answer:
        """The answer for a path under `/r/`, not yet written down."""
        method = environ.get("REQUEST_METHOD", "GET")
        if method not in _METHODS:
            return answer_not_allowed()
        asked = _asked(method, environ)
        code = code_of(path)
        if code is None:
            return answer_absent(asked)
        try:
            link = self.store.find(code)
        except DatabaseAway:
            return answer_away(asked)
        if link is None:
            return answer_absent(asked)
        moment = self._now()
        visitor = self._visitor(link, moment, asked, environ)
        answer = answer_link(asked, link, moment, visitor, self.store.click_key(link))
        card = self.store.preview(code) if answer.status == 302 and _draws_card(asked, link, moment) else b""
        return answer_preview(asked, card, answer.frame) if card else answer

    def _visitor(self, link: Link, moment: float, asked: Asked, environ: Mapping[str, Any]) -> bytes:
        secret = self.store.secret(link.organisation_id, moment)
        address = visitor_address(
            environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""), self._trusted
        )
        return visitor_hash(secret, address, clean_agent(asked.agent))


def make_redirector(behind: "WSGIApplication", config: Environment) -> Redirector:
    """The redirector in front of `behind`, with the database, folder and trusted proxies of the environment."""
    spool = Spool(clicks_folder(config.var))
    atexit.register(spool.close)
    return Redirector(behind, make_store(config), spool, trusted_proxies=config.trusted_proxies)


def _draws_card(asked: Asked, link: Link, moment: float) -> bool:
    return link.has_card and builds_preview(clean_agent(asked.agent)) and not link.is_closed(moment)


def _asked(method: str, environ: Mapping[str, Any]) -> Asked:
    get = environ.get
    return Asked(
        method,
        get("HTTP_USER_AGENT", ""),
        get("HTTP_REFERER", ""),
        get("HTTP_ACCEPT_LANGUAGE", ""),
        " ".join(environ[name] for name in _PURPOSES if name in environ),
    )
