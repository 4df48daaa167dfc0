"""What a network's failure is to the person who waits for it: a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal, Sentence
from portevoix.networks.failures import Disconnected, NetworkFailure, OperatorMust, Refused, TryLater

SIGN_IN: dict[str, Sentence] = {
    "sign_in_declined": _("You said no on %(network)s. Nothing was connected."),
    "sign_in_refused": _("%(network)s did not accept this sign-in. Begin again."),
    "other_issuer": _(
        "The answer came from another server than the one you chose. Nothing was connected. Begin again."
    ),
    "not_found": _("Nothing answers to that name. Check how it is written."),
    "bad_handle": _("Write your handle, such as ana.example."),
    "bad_server": _("Write your server’s name, such as social.example."),
    "bad_password": _("This handle and this password do not go together. Check both."),
    "not_app_password": _(
        "This is not an app password, and we do not want your own. Make one in the network’s settings: it looks like"
        " abcd-efgh-ijkl-mnop."
    ),
    "not_that_network": _("This is not a %(network)s server."),
    "other_account": _(
        "You said yes for another account than the one you named. Nothing was connected. Begin again."
    ),
    "handle_not_confirmed": _(
        "This handle does not belong to this account. Check it in the settings of %(network)s."
    ),
    "permissions_missing": _(
        "Without the permission to publish there is nothing we can do for you. Begin again, and leave it on."
    ),
}
# Where the operator must act first, and what the person can do meanwhile.
OPERATOR: dict[str, Sentence] = {
    "https_needed": _(
        "%(network)s lets you sign in only from an https address, which this installation does not have. An app password"
        " works here."
    ),
    "client_refused": _(
        "%(network)s cannot read who this installation is, at its own address. Tell whoever runs Portevoix; an app"
        " password works meanwhile."
    ),
}


def refusal_of(why: NetworkFailure, network: str, host: str = "") -> Refusal:
    """The refusal in words, beside the field where there is one. `host`: the server that the person named."""
    facts = {"network": network, "host": host}
    match why:
        case Refused() if why.reason in SIGN_IN:
            return Refusal(why.reason, SIGN_IN[why.reason], field="typed", facts=facts)
        case TryLater() if host:
            sentence = _("\u2068%(host)s\u2069 does not answer. Check the server’s name, or try again later.")
            return Refusal("network_silent", sentence, field="typed", facts=facts)
        case TryLater():
            sentence = _("%(network)s does not answer just now. Try again in a few minutes.")
            return Refusal("network_silent", sentence, field="typed", facts=facts)
        case OperatorMust():
            asked: Sentence = OPERATOR.get(
                why.reason,
                _("%(network)s does not accept the keys of this installation. Tell whoever runs Portevoix."),
            )
            return Refusal("operator_must", asked, facts=facts)
        case Disconnected():
            return Refusal("disconnected", _("%(network)s does not let this account publish."), facts=facts)
    return Refusal("sign_in_refused", SIGN_IN["sign_in_refused"], field="typed", facts=facts)
