"""Form controls in our drawing: `{% control field %}` renders a bound field's widget with the right classes."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

LOOKS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "input"),
)
# Addresses, codes and secrets are written from left to right in every language.
ALWAYS_LTR = (forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.NumberInput)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's widget, in the look of its kind, described by its help and its error."""
    return field.as_widget(attrs=_attributes(field.field.widget))


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether a person may well leave it empty, and should be told so."""
    is_needed = field.field.required or "aria-required" in field.field.widget.attrs
    return not is_needed and not is_tick(field)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands beside it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


def _attributes(widget: forms.Widget) -> dict[str, str | bool]:
    look = next((css for kind, css in LOOKS if isinstance(widget, kind)), "input")
    own = widget.attrs.get("class", "")
    attributes: dict[str, str | bool] = {"class": f"{look} {own}".strip()} if look or own else {}
    if isinstance(widget, ALWAYS_LTR):
        attributes["dir"] = "ltr"
    elif isinstance(widget, forms.TextInput | forms.Textarea):
        attributes["dir"] = "auto"
    return attributes
