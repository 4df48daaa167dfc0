"""Forms of signing in and of coming in. Allauth's own, in our words; ours for the rest."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portevoix.people import letters

ADDRESS = _("E-mail address")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
PASSWORD_AGAIN = _("The same again")
PASSWORD_RULE = _("At least 10 characters. A few unrelated words make a good one.")


def _put_in_our_words(form: forms.Form, words: dict[str, Any]) -> None:
    for name, label in words.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth.LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _put_in_our_words(self, {"login": ADDRESS, "password": PASSWORD})


class ForgottenPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    """The address that gets the link to a new password."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _put_in_our_words(self, {"email": ADDRESS})

    def save(self, request: Any, **named: Any) -> str:
        if not self.users:
            letters.send(
                letters.no_log_in(), to=self.cleaned_data["email"], language=translation.get_language()
            )
        return str(super().save(request, **named))


class NewPasswordForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, after a forgotten one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _put_in_our_words(self, {"password1": NEW_PASSWORD, "password2": PASSWORD_AGAIN})
        self.fields["password1"].help_text = PASSWORD_RULE


class FirstPasswordForm(allauth.SetPasswordForm):  # type: ignore[misc]
    """A password for a log-in that had none."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _put_in_our_words(self, {"password1": NEW_PASSWORD, "password2": PASSWORD_AGAIN})
        self.fields["password1"].help_text = PASSWORD_RULE


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    """Another password."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        words = {"oldpassword": _("Present password"), "password1": NEW_PASSWORD, "password2": PASSWORD_AGAIN}
        _put_in_our_words(self, words)
        self.fields["password1"].help_text = PASSWORD_RULE


class AddressForm(forms.Form):
    """An address, to be sent a sign-in link."""

    email = forms.EmailField(
        label=ADDRESS, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )


class NameForm(forms.Form):
    """How a person is called."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )


class OptionalPasswordForm(forms.Form):
    """A password, or none: a link by e-mail signs in as well."""

    password = forms.CharField(
        label=PASSWORD,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=_("At least 10 characters. Leave it empty to sign in with a link by e-mail each time."),
    )


class AcceptForm(NameForm, OptionalPasswordForm):
    """Accepting an invitation."""

    field_order = ("given_name", "family_name", "password")


class JoinForm(NameForm):
    """Asking to join by a join link."""

    field_order = ("email", "given_name", "family_name")
    email = forms.EmailField(
        label=_("Work e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
