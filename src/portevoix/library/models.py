"""Rows of the library."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from portevoix.core.codes import new_code
from portevoix.core.tenancy import TenantModel
from portevoix.core.work import WorkRow
from portevoix.editorial.models import Pillar
from portevoix.library.states import StoryState as StoryState
from portevoix.people.models import Audience, Language, Person


class Source(TenantModel, WorkRow):
    """An RSS or Atom feed, polled by the worker. `due_at` is when it is polled next."""

    class Mode(models.TextChoices):
        REVIEW = "review", _("Queue for review")
        PUBLISH = "publish", _("Publish at once")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    name = models.CharField(max_length=120)
    address = models.URLField(max_length=1000)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.REVIEW)
    pillar = models.ForeignKey(Pillar, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    audience = models.ForeignKey(Audience, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    new_per_day_limit = models.PositiveSmallIntegerField(default=3)
    active_limit = models.PositiveSmallIntegerField(default=10)
    etag = models.CharField(max_length=300, blank=True, default="")
    last_modified = models.CharField(max_length=80, blank=True, default="")
    polled_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True, default="")  # a code; rules.problem_words says it
    paused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "address"], name="source_once")]

    def __str__(self) -> str:
        return self.name


class Story(TenantModel):
    """Something worth saying. `link` empty: text and pictures only."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    state = models.CharField(max_length=12, choices=StoryState.choices, default=StoryState.DRAFT)
    link = models.URLField(max_length=2000, blank=True, default="")
    canonical = models.CharField(max_length=2000, blank=True, default="")  # see addresses.canonical
    title = models.CharField(max_length=300, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    site = models.CharField(max_length=200, blank=True, default="")
    link_author = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=5, blank=True, default="")
    why = models.TextField(blank=True, default="")  # read by ambassadors, never posted
    pillar = models.ForeignKey(Pillar, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    audience = models.ForeignKey(Audience, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_internal = models.BooleanField(default=False)
    is_rewarded = models.BooleanField(
        default=False
    )  # a prize or another reward is at stake: posts must say so
    # Whether its links tell their page which click it was; None: as the organisation does (links/click_ids.py).
    carries_click_ids = models.BooleanField(null=True, blank=True)
    company_post = models.CharField(
        max_length=120, blank=True, default=""
    )  # its URN on LinkedIn, to be passed on
    featured_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    suggested_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    review_note = models.TextField(blank=True, default="")
    fetch_problem = models.CharField(
        max_length=40, blank=True, default=""
    )  # a code; rules.problem_words says it
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "state", "expires_at"], name="story_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "canonical"],
                condition=~models.Q(canonical=""),
                name="one_story_per_link",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.code

    @property
    def is_open_ended(self) -> bool:
        """Whether it is still being made: nothing has gone out yet."""
        return self.state in (StoryState.DRAFT, StoryState.IN_REVIEW, StoryState.SCHEDULED)

    def is_live(self, now: datetime) -> bool:
        """Whether people may share it at that moment."""
        return self.state == StoryState.PUBLISHED and (self.expires_at is None or self.expires_at > now)


class Picture(TenantModel):
    """A picture of a story, re-encoded by us; its file lies under the media folder as `CODE.jpg`."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="pictures")
    file = models.FileField(upload_to="pictures/")
    media_type = models.CharField(max_length=30, default="image/jpeg")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.code


class Document(TenantModel):
    """A PDF of a story, for networks that show documents; one a story."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    story = models.OneToOneField(Story, on_delete=models.CASCADE, related_name="document")
    file = models.FileField(upload_to="documents/")
    title = models.CharField(max_length=120)
    size_bytes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.title


class Caption(TenantModel):
    """A proposed text: one language, one network or all of them (`network` empty). The disclosure line is not in it."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(max_length=5, choices=Language.choices)
    network = models.CharField(max_length=20, blank=True, default="")
    angle = models.CharField(
        max_length=60, blank=True, default=""
    )  # what this text looks at: the client, the figure
    text = models.TextField(blank=True, default="")  # empty while it is being written
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.text[:60]


class Destination(TenantModel):
    """A host that stories of this organisation may lead to; an editor confirmed it once."""

    host = models.CharField(max_length=255)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "host"], name="destination_once")]

    def __str__(self) -> str:
        return self.host


class Suggestion(TenantModel):
    """A link an ambassador offers, with a word on why; an accepted one credits them."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    link = models.URLField(max_length=2000)
    comment = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    note = models.TextField(blank=True, default="")
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.link
