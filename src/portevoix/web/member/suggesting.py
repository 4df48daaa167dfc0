"""Suggesting a story: a link, and a word on why."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.library.actions.suggestions import suggest_story
from portevoix.library.rules import COMMENT_LENGTH
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.refusals import show_beside


class SuggestForm(forms.Form):
    """A page found elsewhere, and why colleagues would like it."""

    link = forms.CharField(
        label=_("Address of the page"),
        max_length=2_000,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
        error_messages={"required": _("Paste the address of the page.")},
    )
    comment = forms.CharField(
        label=_("Why it is worth sharing"),
        required=False,
        help_text=_("One sentence will do. The editors read it, nobody else."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": COMMENT_LENGTH}),
    )


@able(Ability.SUGGEST)
def suggest(request: PageRequest) -> HttpResponse:
    """Shows the form, and offers the link to the editors."""
    form = SuggestForm(request.POST or None, initial={"link": request.GET.get("link", "")})
    if form.is_valid() and _suggested(request, form):
        messages.success(request, gettext("Thank you. The editors will answer, and you will see it here."))
        return redirect("me")
    return render(request, "member/suggest.html", {"form": form}, status=422 if form.is_bound else 200)


def _suggested(request: PageRequest, form: SuggestForm) -> bool:
    try:
        suggest_story(person=request.person, now=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        show_beside(form, refusal)
        return False
    return True
