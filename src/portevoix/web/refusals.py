"""Forms and the refusals of actions: what was typed stays, the sentence stands beside its field."""

from django.forms import Form

from portevoix.core.errors import NotFound, Refusal


def show_beside(form: Form, refusal: Refusal) -> None:
    """Puts the refusal beside its field, or above the form when it concerns none. What is not found stays so."""
    if isinstance(refusal, NotFound):
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
