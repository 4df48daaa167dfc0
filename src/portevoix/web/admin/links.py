"""How links are made, what they tell the pages they lead to, and who may tell what came of it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.links import queries
from portevoix.links.actions import measuring as actions
from portevoix.links.models import LinkSetting
from portevoix.links.tagging import PARAMETERS, PLACEHOLDERS
from portevoix.people.actions import api_tokens
from portevoix.people.queries import api_tokens as tokens
from portevoix.people.queries import get_api_token_for
from portevoix.people.roles import Ability
from portevoix.sharing.destinations import preview
from portevoix.web.access import PageRequest, able
from portevoix.web.refusals import show_beside

# Of a link: what of it web statistics call each of these. The parameters' names are theirs, in every language.
_TAGS = {
    "utm_source": gettext_lazy("Where the visit comes from"),
    "utm_medium": gettext_lazy("By what means"),
    "utm_campaign": gettext_lazy("Campaign"),
    "utm_content": gettext_lazy("What was shared"),
}


class LinkSettingForm(forms.Form):
    """The tags of destinations, click ids, the window."""

    is_tagging = forms.BooleanField(
        label=gettext_lazy("Add tags to the address of each story"),
        required=False,
        help_text=gettext_lazy("Tags that an address has already are kept as they are."),
    )
    carries_click_ids = forms.BooleanField(
        label=gettext_lazy("Say what visits lead to, unless a story says otherwise"),
        required=False,
        help_text=gettext_lazy(
            "Each visit arrives with a number of its own, pv=…, that your site may send back. An editor decides for"
            " each story."
        ),
    )
    window_days = forms.IntegerField(
        label=gettext_lazy("A visit may lead to something for, in days"),
        help_text=gettext_lazy(
            "From 1 to 90; 30 is usual. What comes later is not attributed. The last visit counts."
        ),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        tags = {
            name: forms.CharField(
                label=label,
                required=False,
                widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
            )
            for name, label in _TAGS.items()
        }
        self.fields = {"is_tagging": self.fields.pop("is_tagging"), **tags, **self.fields}

    @property
    def patterns(self) -> dict[str, str]:
        """The tags as they are typed, or as they were."""
        return {name: str(self[name].value() or "") for name in PARAMETERS}


class SiteForm(forms.Form):
    """A site to add."""

    address = forms.CharField(
        label=gettext_lazy("Address of the site"),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url", "placeholder": "https://"}),
    )


class TokenForm(forms.Form):
    """A token to create."""

    name = forms.CharField(
        label=gettext_lazy("What the token is for"),
        max_length=120,
        help_text=gettext_lazy("Such as the name of the program that will use it."),
    )


@able(Ability.ADMINISTER)
def links(request: PageRequest) -> HttpResponse:
    """The settings of links. What is typed and sent by GET is only shown, as a preview."""
    if request.method == "POST":
        form = LinkSettingForm(request.POST)
        if form.is_valid() and _change(request, form):
            messages.success(request, _("Kept."))
            return redirect("links")
        return _page(request, form=form)
    is_preview = "utm_source" in request.GET
    form = LinkSettingForm(request.GET) if is_preview else _form_of(request)
    if request.htmx:
        return render(request, "admin/links.html#preview", _preview(request, form))
    return _page(request, form=form)


@require_POST
@able(Ability.ADMINISTER)
def add_site(request: PageRequest) -> HttpResponse:
    """Lets browsers of a site declare conversions."""
    form = SiteForm(request.POST)
    if form.is_valid():
        try:
            actions.add_site(
                organisation=request.person.organisation,
                by=request.person,
                address=form.cleaned_data["address"],
                now=clock.now(),
            )
        except Refusal as refusal:
            show_beside(form, refusal)
        else:
            return redirect(_place("sites"))
    return _page(request, site_form=form)


@require_POST
@able(Ability.ADMINISTER)
def remove_site(request: PageRequest, code: str) -> HttpResponse:
    """Stops listening to the browsers of a site."""
    actions.remove_site(site=queries.get_site_for(request.person, code), by=request.person, now=clock.now())
    messages.success(request, _("The site is removed. What was declared there stays."))
    return redirect(_place("sites"))


@never_cache
@require_POST
@able(Ability.ADMINISTER)
def create_token(request: PageRequest) -> HttpResponse:
    """Makes a token and shows it, this once."""
    form, made = TokenForm(request.POST), None
    if form.is_valid():
        try:
            made = api_tokens.create_api_token(
                organisation=request.person.organisation,
                by=request.person,
                name=form.cleaned_data["name"],
                now=clock.now(),
            )
        except Refusal as refusal:
            show_beside(form, refusal)
    return _page(request, made=made) if made else _page(request, token_form=form)


@require_POST
@able(Ability.ADMINISTER)
def revoke_token(request: PageRequest, code: str) -> HttpResponse:
    """Ends a token at once."""
    api_tokens.revoke_api_token(
        token=get_api_token_for(request.person, code), by=request.person, now=clock.now()
    )
    messages.success(request, _("The token is revoked."))
    return redirect(_place("tokens"))


def _place(part: str) -> str:
    return f"{reverse('links')}#{part}"


def _form_of(request: PageRequest) -> LinkSettingForm:
    setting: LinkSetting = queries.link_setting(request.person.organisation_id)
    names = ("is_tagging", *PARAMETERS, "carries_click_ids", "window_days")
    return LinkSettingForm(initial={name: getattr(setting, name) for name in names})


def _change(request: PageRequest, form: LinkSettingForm) -> bool:
    typed = form.cleaned_data
    try:
        actions.change_link_setting(
            organisation=request.person.organisation,
            by=request.person,
            now=clock.now(),
            is_tagging=typed["is_tagging"],
            patterns={name: typed[name] for name in PARAMETERS},
            carries_click_ids=typed["carries_click_ids"],
            window_days=typed["window_days"],
        )
    except Refusal as refusal:
        show_beside(form, refusal)
        return False
    return True


def _preview(request: PageRequest, form: LinkSettingForm) -> dict[str, str]:
    page, result = preview(request.person.organisation, form.patterns)
    return {"page_before": page, "added": result.removeprefix(page), "result": result}


def _page(request: PageRequest, **context: Any) -> HttpResponse:
    form = context.setdefault("form", _form_of(request))
    known = {
        "tags": [form[name] for name in PARAMETERS],
        "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS],
        "site_form": SiteForm(auto_id="site_%s"),
        "sites": list(queries.sites()),
        "token_form": TokenForm(auto_id="token_%s"),
        "tokens": list(tokens().select_related("created_by")),
        "snippet": f'<script async src="{settings.PUBLIC_ADDRESS}{reverse("pv_js")}"></script>',
        "endpoint": f"{settings.PUBLIC_ADDRESS}{reverse('api_conversions')}",
        **_preview(request, form),
    }
    return render(request, "admin/links.html", {**known, **context})
