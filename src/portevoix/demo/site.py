"""What visits to the company's own site led to, told by its server or declared by its visitors' browsers.

Which visits, and to what, is drawn from the click's own moment and sharing, so that each demo tells the same.
"""

import zlib
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

from portevoix.core.errors import Refusal
from portevoix.demo.traffic import ClickEvent
from portevoix.links.actions.converting import record_conversion
from portevoix.links.actions.measuring import add_site, change_link_setting
from portevoix.links.click_ids import PARAMETER
from portevoix.links.conversions import Report
from portevoix.links.models import Source
from portevoix.links.robots import judge_agent
from portevoix.links.tagging import DEFAULTS
from portevoix.people.models import Organisation, Person

SITE: Final = "https://www.atlas-energies.example"
# What comes of a thousand visits, and who tells it; values in centimes of dirham.
_OUTCOMES: Final = (
    (9, "demande-de-devis", Source.SERVER, 0, 0),
    (14, "candidature", Source.SERVER, 0, 0),
    (40, "lettre-d-information", Source.BROWSER, 0, 0),
    (43, "commande", Source.SERVER, 240_000, 36),
)


def open_site(organisation: Organisation, by: Person, now: datetime) -> None:
    """Links tell their pages of clicks, with tags, and the company's site may declare what they led to."""
    change_link_setting(
        organisation=organisation,
        by=by,
        now=now,
        is_tagging=True,
        patterns={**DEFAULTS, "utm_campaign": "ambassadeurs"},
        carries_click_ids=True,
        window_days=30,
    )
    add_site(organisation=organisation, by=by, address=SITE, now=now)


def act(address: str, asked: ClickEvent, now: datetime) -> None:
    """What the visitor of that address did there, if anything, a while after they came."""
    click = parse_qs(urlsplit(address).query).get(PARAMETER, [""])[0]
    drawn = zlib.crc32(f"{asked.share} {asked.at.isoformat()}".encode())
    at = asked.at + timedelta(minutes=3 + drawn % 240)
    found = next((one for one in _OUTCOMES if drawn % 1000 < one[0]), None)
    if not click or found is None or at >= now or not judge_agent(asked.user_agent).is_person:
        return
    _limit, kind, source, step, most = found
    value = step * (1 + drawn // 1000 % most) if most else None
    report = Report(click=click, kind=kind, value=value, currency="MAD" if most else "")
    try:
        record_conversion(report=report, source=source, origin=SITE, now=at)
    except Refusal:  # nothing comes of a click that is too old
        return
