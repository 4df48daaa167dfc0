"""Small words of the share sheet."""

from django import template

register = template.Library()


@register.filter
def without_scheme(address: str) -> str:
    """A link as it is read: without https://."""
    return address.partition("://")[2] or address


@register.filter
def hundredths(ratio: float) -> int:
    """A share of one as a whole number of hundred, for a progress bar."""
    return round(ratio * 100)
