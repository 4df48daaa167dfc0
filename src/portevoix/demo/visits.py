"""Visits of the past, through the redirector's own answer, store and spool, at the hour they happened."""

from datetime import datetime
from pathlib import Path

from portevoix.demo.traffic import ClickEvent
from portevoix.links.click_ids import Key
from portevoix.links.models import ClickKey, Link, VisitorPeriod
from portevoix.links.visitors import visitor_hash
from portevoix.people.models import Organisation
from portevoix.redirector.answer import Asked, answer_link
from portevoix.redirector.answer import Link as Found
from portevoix.redirector.spool import Spool
from portevoix.redirector.store import Secrets, link_of, secret_at


class Visits:
    """Answers requests on one organisation's links; each is written to a segment before it would have been answered."""

    def __init__(self, folder: Path, organisation: Organisation) -> None:
        self.count = 0
        self._spool = Spool(folder, oldest_seconds=float("inf"))
        self._organisation = organisation
        self._found: dict[int, Found] = {}
        self._secrets: Secrets = ()
        self._key: Key | None = None

    def is_new_period(self, at: datetime) -> bool:
        """Whether no visit was answered in the period of visitors yet: its secret must be there first."""
        return secret_at(self._secrets, at.timestamp())[0] is None

    def visit(self, link: Link, asked: ClickEvent) -> str:
        """One request, answered and written down; gives the address it was led to."""
        moment = asked.at.timestamp()
        hashed = visitor_hash(self._secret(moment), asked.address, asked.user_agent)
        request = Asked(asked.method, asked.user_agent, asked.referrer, asked.accept_language, asked.purpose)
        answer = answer_link(request, self._link(link), moment, hashed, self._click_key(link))
        if self._spool.record(answer.frame):
            self.count += 1
        return dict(answer.headers).get("Location", "")

    def close(self) -> None:
        self._spool.close()

    def _link(self, link: Link) -> Found:
        if link.pk not in self._found:
            row = (
                link.pk,
                link.organisation_id,
                link.code,
                link.destination,
                link.fallback,
                link.expires_at,
                link.withdrawn_at,
                None,
                False,  # whoever draws a card is written down alike
            )
            self._found[link.pk] = link_of(row)
        return self._found[link.pk]

    def _click_key(self, link: Link) -> Key | None:
        if not link.carries_click_id:
            return None
        if self._key is None:
            self._key = Key(bytes(ClickKey.unscoped.get(organisation=self._organisation).secret))
        return self._key

    def _secret(self, moment: float) -> bytes | None:
        if secret_at(self._secrets, moment)[0] is None:
            kept = VisitorPeriod.unscoped.filter(organisation=self._organisation).exclude(secret=None)
            self._secrets = tuple(
                (row.starts_at.timestamp(), row.ends_at.timestamp(), bytes(row.secret or b"")) for row in kept
            )
        return secret_at(self._secrets, moment)[0]
