"""Rows of what people shared."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portevoix.core.codes import new_code
from portevoix.core.tenancy import TenantModel
from portevoix.library.models import Caption, Story
from portevoix.links.models import Link
from portevoix.people.models import Language, Person


class ShareState(models.TextChoices):
    """Declared: the person opened the network with this text. Taken back: they say it was not posted, or no longer."""

    DECLARED = "declared", _("Shared")
    TAKEN_BACK = "taken_back", _("Taken back")


class Share(TenantModel):
    """One story shared once by one person on one channel (a network, or copy, qr, device)."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="share")
    channel = models.CharField(max_length=20)
    caption = models.ForeignKey(Caption, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=5, choices=Language.choices)
    text = models.TextField()  # as handed to the network: disclosure line first, tracked link included
    own_words = models.FloatField(default=0)  # share of the words that are the person's, 0 to 1
    state = models.CharField(max_length=12, choices=ShareState.choices, default=ShareState.DECLARED)
    shared_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["person", "shared_at"], name="share_by_person"),
            models.Index(fields=["organisation", "shared_at"], name="share_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.channel}"


class SharingHabit(TenantModel):
    """What the share sheet remembers of a person: the last channel, and their Mastodon server."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20, blank=True, default="")
    mastodon_instance = models.CharField(max_length=255, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class ShareDraft(TenantModel):
    """What a person typed in the sheet and has not shared yet, so that nothing typed is lost."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    updated_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "story"], name="one_draft_per_story")]

    def __str__(self) -> str:
        return self.text[:60]
