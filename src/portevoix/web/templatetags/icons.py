"""Icons: `{% icon %}` draws the interface's (Lucide), `{% network_icon %}` the networks' marks and our own."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

register = template.Library()

# What points along the line of reading turns round with it.
TURNING = frozenset(
    {"arrow-left", "arrow-right", "arrow-up-right", "chevron-left", "chevron-right", "log-out"}
)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: int = 20) -> SafeString:
    """A Lucide icon in the current colour, `size` pixels wide, hidden from screen readers; refuses unknown names."""
    css = "icon icon-turns" if name in TURNING else "icon"
    try:
        drawing = lucide(name, size=size, stroke_width=1.75, aria_hidden="true", **{"class": css})
    except IconDoesNotExist:
        raise template.TemplateSyntaxError(f"There is no icon {name!r}.") from None
    return mark_safe(drawing)  # noqa: S308  Lucide's own drawing


@register.simple_tag
def network_icon(key: str, size: int = 19) -> SafeString:
    """The mark of a network (`linkedin`, `x`, `whatsapp`, …) or `portevoix`, from the sprite that the build makes."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" fill="currentColor" aria-hidden="true"><use href="{1}#{2}"/></svg>',
        size,
        static("built/icons.svg"),
        key,
    )
