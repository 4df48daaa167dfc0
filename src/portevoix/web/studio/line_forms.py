"""Forms of the editorial line."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portevoix.editorial.models import ForbiddenPhrase, Pillar
from portevoix.people.models import Language


class PillarForm(forms.Form):
    """A pillar: a name per language, a word on it, its target."""

    description = forms.CharField(
        label=_("What belongs to it"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    target_share = forms.IntegerField(
        label=_("Target, in % of the stories"), required=False, min_value=0, max_value=100, initial=0
    )

    def __init__(self, *arguments: Any, pillar: Pillar | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        names = pillar.names if pillar else {}
        fields = {
            f"name_{code}": forms.CharField(
                label=label,
                required=False,
                initial=names.get(code, ""),
                widget=forms.TextInput(attrs={"lang": code, "dir": "rtl" if code == "ar" else "ltr"}),
            )
            for code, label in Language.choices
        }
        self.fields = {**fields, **self.fields}
        if pillar:
            self.initial.update(description=pillar.description, target_share=pillar.target_share)

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        return {
            "names": {code: data[f"name_{code}"] for code in Language.values},
            "description": data["description"],
            "target_share": data["target_share"] or 0,
        }


class DisclosureForm(forms.Form):
    """The disclosure line in each language; fields are named by the language."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for code, label in Language.choices:
            widget = forms.TextInput(attrs={"lang": code, "dir": "rtl" if code == "ar" else "ltr"})
            self.fields[code] = forms.CharField(label=label, required=False, widget=widget)


class PhraseForm(forms.Form):
    """A wording to avoid, why, and what to write instead."""

    phrase = forms.CharField(label=_("Phrase to avoid"), required=False)
    better = forms.CharField(label=_("Write instead"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        help_text=_("Shown to whoever writes it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All languages")), *Language.choices]
    )

    def __init__(self, *arguments: Any, phrase: ForbiddenPhrase | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if phrase:
            self.initial.update(
                phrase=phrase.phrase, better=phrase.better, reason=phrase.reason, language=phrase.language
            )
