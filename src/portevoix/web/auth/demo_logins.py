"""The demo's log-ins, for the sign-in page: written into the VAR folder by the command that makes the demo company.

`demo-logins.json` is a list of {"name", "part", "email", "password"}, the part being a role; it is read only where
PORTEVOIX_DEMO says yes.
"""

import json
from typing import Any

from django.conf import settings

FILE_NAME = "demo-logins.json"


def demo_logins() -> list[dict[str, Any]]:
    """The log-ins to show; none outside a demo, or before its company is made."""
    if not settings.DEMO:
        return []
    try:
        logins: list[dict[str, Any]] = json.loads((settings.VAR / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return logins
