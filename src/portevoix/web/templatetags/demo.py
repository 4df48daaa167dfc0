"""The demo on pages: `{% demo_logins as logins %}`."""

from typing import Any

from django import template

from portevoix.people.roles import Role
from portevoix.web.auth import demo_logins as kept

register = template.Library()


@register.simple_tag
def demo_logins() -> list[dict[str, Any]]:
    """The log-ins that the sign-in page of a demo offers."""
    return [{**login, "part": Role(login["part"]).label} for login in kept.demo_logins()]
