"""Forms of the composer: how a story begins, and what is typed into it."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portevoix.core import clock
from portevoix.editorial.queries import pillars
from portevoix.library.models import Story
from portevoix.people.models import Person
from portevoix.people.queries import audiences

LAST_MINUTE = time(23, 59)
CAPTION, ANGLE = "caption-", "angle-"
TEXTS = ("title", "summary", "why")
CLICK_IDS: dict[str, bool | None] = {"": None, "yes": True, "no": False}


class LinkForm(forms.Form):
    """A link to start from."""

    link = forms.CharField(
        label=_("Link"),
        help_text=_("Title, summary and picture are read from the page."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "url", "placeholder": "https://", "autofocus": True}
        ),
    )


class TextForm(forms.Form):
    """A title to start from, without a link."""

    title = forms.CharField(label=_("Title"), help_text=_("To find it again; people see it on the card."))


class StoryForm(forms.Form):
    """Everything of a story but its captions."""

    title = forms.CharField(label=_("Title"), required=False)
    summary = forms.CharField(label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    why = forms.CharField(label=_("Why share it"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    pillar = forms.ChoiceField(label=_("Pillar"), required=False)
    audience = forms.ChoiceField(label=_("Audience"), required=False)
    expires_on = forms.DateField(
        label=_("Expires on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    publish_at = forms.DateTimeField(
        label=_("Goes out on"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    is_internal = forms.BooleanField(label=_("For reading inside only: nobody shares it"), required=False)
    is_rewarded = forms.BooleanField(
        label=_("A prize or another reward is at stake"),
        required=False,
        help_text=_("Every post then says so in its first line, and X is told: the law wants it."),
    )
    carries_click_ids = forms.ChoiceField(
        label=_("Say what visits lead to"),
        required=False,
        choices=[("", _("As the settings say")), ("yes", _("Yes, for this story")), ("no", _("No"))],
        help_text=_("The page’s address then carries a number for each visit: for pages of your own sites."),
    )
    company_post = forms.CharField(
        label=_("The company’s post on LinkedIn"),
        required=False,
        help_text=_("Who publishes directly on LinkedIn then passes it on, with words of their own."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url"}),
    )

    def __init__(self, data: QueryDict | None, *, story: Story, person: Person) -> None:
        self._story, self._person = story, person
        super().__init__(data, initial=_facts_of(story, person))
        rows = [*pillars()]
        if story.pillar and story.pillar not in rows:
            rows.append(story.pillar)
        self._pillars = {row.code: row for row in rows}
        self._audiences = {row.code: row for row in audiences()}
        self.fields["pillar"].choices = [  # type: ignore[attr-defined]
            ("", _("No pillar")),
            *((code, str(row)) for code, row in self._pillars.items()),
        ]
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            ("", _("Everyone")),
            *((code, row.name) for code, row in self._audiences.items()),
        ]

    @property
    def changes(self) -> dict[str, Any]:
        """What the action takes; what could not be read is left out, and so keeps its old value."""
        data = self.cleaned_data
        changes: dict[str, Any] = {name: data[name] for name in TEXTS if name in data and name in self.data}
        for name, known in (("pillar", self._pillars), ("audience", self._audiences)):
            if name in data and name in self.data:
                changes[name] = known.get(data[name])
        # A browser leaves an unticked box out: only the whole form says that it is unticked.
        if "title" in self.data:
            changes |= {"is_internal": data["is_internal"], "is_rewarded": data["is_rewarded"]}
            changes["company_post"] = data.get("company_post", "")
        if "carries_click_ids" in data and "carries_click_ids" in self.data:
            changes["carries_click_ids"] = CLICK_IDS[data["carries_click_ids"]]
        if "expires_on" in data and "expires_on" in self.data and "expires_on" in self.changed_data:
            changes["expires_at"] = self._end_of(data["expires_on"])
        return changes

    @property
    def publish_moment(self) -> datetime | None:
        """When the story should go out, read on the person's own clock."""
        wall = self.cleaned_data.get("publish_at")
        return clock.resolve(wall.replace(tzinfo=None), self._person.time_zone) if wall else None

    def _end_of(self, day: Any) -> datetime | None:
        zone_name = self._story.organisation.time_zone
        return clock.resolve(datetime.combine(day, LAST_MINUTE), zone_name) if day else None


def typed(data: QueryDict, prefix: str) -> dict[str, str]:
    """What was typed into the fields of that prefix, by the code that follows it."""
    return {name.removeprefix(prefix): str(data[name]) for name in data if name.startswith(prefix)}


def _facts_of(story: Story, person: Person) -> dict[str, Any]:
    zone = clock.zone(story.organisation.time_zone)
    names = ("title", "summary", "why", "is_internal", "is_rewarded", "company_post")
    return {
        **{name: getattr(story, name) for name in names},
        "pillar": story.pillar.code if story.pillar else "",
        "audience": story.audience.code if story.audience else "",
        "carries_click_ids": next(key for key, said in CLICK_IDS.items() if said is story.carries_click_ids),
        "expires_on": story.expires_at and story.expires_at.astimezone(zone).date(),
        "publish_at": story.publish_at
        and story.publish_at.astimezone(clock.zone(person.time_zone)).replace(tzinfo=None),
    }
