"""Networks on which people may publish from here: open or closed, with which keys, for how much money."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import NotFound, Refusal, Sentence
from portevoix.networks.direct import Dated
from portevoix.people.roles import Ability
from portevoix.sharing import channels, keys, spending
from portevoix.sharing.actions.networks import forget_keys, set_network
from portevoix.sharing.channels import Channel
from portevoix.sharing.keys import Offer, Version
from portevoix.sharing.registrations import callback_address
from portevoix.web.access import PageRequest, able
from portevoix.web.refusals import show_beside

PROBLEMS: dict[str, Sentence] = {
    "not_tried": _("The keys were kept, but the network did not answer: they were not tried."),
    "bad_keys": _("The network no longer knows these keys."),
    "missing_permission": _("The network says that these keys lack a permission."),
    "version_over": _(
        "The network dropped the version of its interface that we use: a newer Portevoix is needed."
    ),
    "no_credit": _("The network says that there is no credit left."),
    "proof_refused": _("The network refused our signature: check that this machine’s clock is right."),
    "client_refused": _("The network cannot read who this installation is, at its own address."),
}
OTHER_PROBLEM: Sentence = _("The network refused something because of these keys.")
DOCS = "docs/networks/"


@dataclass(frozen=True)
class Line:
    """One network on the page."""

    channel: Channel
    offer: Offer
    problem: Sentence
    version: Version | None

    @property
    def needs_keys(self) -> bool:
        return self.offer.direct.sign_in.needs_keys


class NetworkForm(forms.Form):
    """How a network is set. Fields that it has no use for are left out."""

    is_on = forms.BooleanField(
        label=_("People may connect their accounts and publish from here"), required=False
    )
    client_id = forms.CharField(label=_("Identifier (client ID)"), required=False, max_length=300)
    client_secret = forms.CharField(
        label=_("Secret (client secret)"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    analytics = forms.BooleanField(
        label=_("LinkedIn has approved member statistics for this application"),
        required=False,
        help_text=_(
            "Then people are asked for one more permission, and see how often their posts were seen."
        ),
    )
    version = forms.CharField(label=_("Version of the network’s interface"), required=False, max_length=6)
    budget = forms.DecimalField(
        label=_("Budget a month, in US dollars"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100_000),
        decimal_places=2,
        help_text=_("Nothing goes out without one. Once it is spent, posts wait until the next month."),
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), _("Write an amount between 0 and 100,000.")
        ),
    )

    def __init__(self, *arguments: Any, offer: Offer, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not offer.direct.sign_in.needs_keys:
            del self.fields["client_id"], self.fields["client_secret"]
        elif offer.setting.has_keys:
            self.fields["client_secret"].help_text = _("There is one, sealed. Leave it empty to keep it.")
        if offer.network.key != "linkedin":
            del self.fields["analytics"]
        if not isinstance(offer.direct.sign_in, Dated):
            del self.fields["version"]
        else:
            self.fields["version"].help_text = _(
                "Leave it empty for the one that this Portevoix knows best. Year and month, such as 202609."
            )
        if not offer.direct.publisher.terms.costs:
            del self.fields["budget"]
        self._say_what_is_needed(
            "client_id", "budget", *([] if offer.setting.has_keys else ["client_secret"])
        )

    def _say_what_is_needed(self, *names: str) -> None:
        """A network that is closed may be kept without them; nobody opens one without."""
        for name in names:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-required"] = "true"


@able(Ability.ADMINISTER)
def networks(request: PageRequest) -> HttpResponse:
    """Every network that publishes, as it is set."""
    context = {
        "lines": [_line(offer) for offer in keys.offers(request.person.organisation_id)],
        "headings": [
            {"label": gettext("Network")},
            {"label": gettext("Publishing")},
            {"label": gettext("Keys")},
        ],
    }
    return render(request, "admin/networks.html", context)


@sensitive_post_parameters("client_secret")
@able(Ability.ADMINISTER)
def network(request: PageRequest, key: str) -> HttpResponse:
    """One network: its switch, its keys, its money."""
    offer = _offer(request, key)
    form = NetworkForm(request.POST or None, offer=offer, initial=_initial(offer))
    if form.is_valid() and _set(request, key, form):
        messages.success(request, gettext("Kept."))
        return redirect("networks")
    return _page(request, offer, form, 422 if form.is_bound else 200)


@require_POST
@able(Ability.ADMINISTER)
def forget(request: PageRequest, key: str) -> HttpResponse:
    """Erases the keys, and closes the network."""
    _offer(request, key)
    forget_keys(by=request.person, network=key, now=clock.now())
    messages.success(request, gettext("The keys are erased, and the network is closed."))
    return redirect("networks")


def _set(request: PageRequest, key: str, form: NetworkForm) -> bool:
    typed = form.cleaned_data
    budget = typed.get("budget")
    try:
        set_network(
            by=request.person,
            network=key,
            is_on=typed["is_on"],
            client_id=typed.get("client_id", ""),
            client_secret=typed.get("client_secret", ""),
            facts=_facts(typed),
            budget_cents=int(budget * 100) if budget is not None else None,
            now=clock.now(),
        )
    except Refusal as refusal:
        show_beside(form, refusal)
        return False
    return True


def _facts(typed: dict[str, Any]) -> dict[str, str]:
    """What an organisation sets besides keys and money; nothing where nothing was set."""
    facts = {"analytics": "yes" if typed.get("analytics") else "", "version": typed.get("version", "")}
    return {name: value for name, value in facts.items() if value}


def _page(request: PageRequest, offer: Offer, form: NetworkForm, status: int) -> HttpResponse:
    line, organisation_id = _line(offer), request.person.organisation_id
    context = {
        "line": line,
        "form": form,
        "callback": callback_address(offer.network.key, "") if line.needs_keys else "",
        "docs": f"{DOCS}{offer.network.key}.md",
        "spent": spending.spent_micros(organisation_id, offer.network.key, clock.now()) / 1_000_000,
        "costs": offer.direct.publisher.terms.costs,
    }
    return render(request, "admin/network.html", context, status=status)


def _offer(request: PageRequest, key: str) -> Offer:
    found = keys.offer_of(request.person.organisation_id, key)
    if found is None:
        raise NotFound("network")
    return found


def _line(offer: Offer) -> Line:
    problem = offer.setting.problem
    return Line(
        channel=channels.get(offer.network.key),
        offer=offer,
        problem=PROBLEMS.get(problem, OTHER_PROBLEM) if problem else "",
        version=keys.version_of(offer, clock.now().date()),
    )


def _initial(offer: Offer) -> dict[str, Any]:
    setting = offer.setting
    return {
        "is_on": setting.is_on,
        "client_id": setting.client_id,
        "analytics": setting.facts.get("analytics") == "yes",
        "version": setting.facts.get("version", ""),
        "budget": Decimal(setting.budget_cents) / 100,
    }
