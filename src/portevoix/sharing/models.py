"""Rows of what people shared, the accounts they connected, and the posts that networks publish for them."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from portevoix.core.codes import new_code
from portevoix.core.sealing import SealedRow
from portevoix.core.tenancy import TenantManager, TenantModel
from portevoix.core.work import WorkRow
from portevoix.library.models import Caption, Story
from portevoix.links.models import Link
from portevoix.people.models import Language, Person, Team
from portevoix.sharing.states import PostState, ShareState


class Shares(models.QuerySet["Share"]):
    """Shares, by whose voice they are: whatever counts what people do asks for theirs alone."""

    def of_people(self) -> "Shares":
        """Those that people made on accounts of their own."""
        return self.filter(is_company=False)

    def of_company(self) -> "Shares":
        """Those that an editor made for the company's own page."""
        return self.filter(is_company=True)


class Share(TenantModel):
    """One story shared once by one person on one channel (a network, or copy, qr, device).

    What a network publishes for the person has a `Post`; everything else is the person's own act, and their word.
    One that `is_company` stands on the company's own page: `person` is the editor who made it, and it is nobody's share.
    `team`, `country` and `zone` are the person's on the day the share was made: who moves takes no past figure along.
    """

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
    shared_at = models.DateTimeField()  # of a planned one: when it is to go out
    taken_back_at = models.DateTimeField(null=True, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    country = models.CharField(max_length=2, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")  # of the person's clock: Africa/Casablanca
    is_company = models.BooleanField(default=False)

    objects: Any = TenantManager.from_queryset(Shares)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(Shares)()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["person", "shared_at"], name="share_by_person"),
            models.Index(fields=["organisation", "shared_at"], name="share_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.channel}"


class SharingHabit(TenantModel):
    """What the share sheet remembers of a person: the last channel and moment, and their Mastodon server."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20, blank=True, default="")
    when = models.CharField(max_length=10, blank=True, default="")
    mastodon_instance = models.CharField(max_length=255, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class ShareDraft(TenantModel):
    """What a person typed in the sheet and has not shared yet, so that nothing typed is lost."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=5, choices=Language.choices, blank=True, default="")
    updated_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "story"], name="one_draft_per_story")]

    def __str__(self) -> str:
        return self.text[:60]


class NetworkSetting(TenantModel, SealedRow):
    """Whether an organisation's people may publish directly on a network, and the operator's keys there, sealed."""

    network = models.CharField(max_length=20)
    is_on = models.BooleanField(default=False)
    client_id = models.CharField(max_length=300, blank=True, default="")  # public: browsers see it
    facts = models.JSONField(
        default=dict, blank=True
    )  # choices that are no secret, such as "analytics": "yes"
    budget_cents = models.PositiveIntegerField(default=0)  # a month, in US cents, where posts are paid for
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True, default="")  # a code, from the last real call
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "network"], name="network_set_once")]

    def __str__(self) -> str:
        return self.network

    @property
    def seal_context(self) -> str:
        return f"NetworkSetting:{self.organisation_id}:{self.network}"

    @property
    def has_keys(self) -> bool:
        return bool(self.sealed)


class NetworkSpending(TenantModel):
    """What an organisation's posts on a network cost in a month, in millionths of a US dollar."""

    network = models.CharField(max_length=20)
    month = models.CharField(max_length=7)
    micros = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "network", "month"], name="spent_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.month}"


class Registration(SealedRow):
    """Our own registration at one server of a network (a Mastodon server), or our own signing key; of no organisation."""

    network = models.CharField(max_length=20)
    host = models.CharField(max_length=255, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "host"], name="registered_once")]

    def __str__(self) -> str:
        return f"{self.network} {self.host}"

    @property
    def seal_context(self) -> str:
        return f"Registration:{self.network}:{self.host}"


class SignInAttempt(TenantModel, SealedRow):
    """A sign-in at a network between its beginning and the person's yes. Lives ten minutes, is used once.

    `state_hash` is all that is kept of the state that travels; `session_hash` binds it to the browser that began. The
    sealed part holds the PKCE verifier and the like, then, once the browser is back, the grant that waits for the yes.
    """

    class Stage(models.TextChoices):
        BEGUN = "begun", "begun"
        USED = "used", "used"  # the browser came back; its code was taken
        WAITING = "waiting", "waiting"  # for the person to say that this account is theirs
        OVER = "over", "over"

    code = models.CharField(max_length=16, unique=True, default=new_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=20)
    host = models.CharField(max_length=255, blank=True, default="")
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.BEGUN)
    identity = models.JSONField(default=dict, blank=True)
    begun_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["begun_at"], name="attempt_by_age")]

    def __str__(self) -> str:
        return f"{self.network} {self.stage}"

    @property
    def seal_context(self) -> str:
        return f"SignInAttempt:{self.organisation_id}:{self.code}"


class ConnectedAccount(TenantModel, WorkRow, SealedRow):
    """A person's own account at a network, connected by them. As work: its reminders, and its ending.

    `place` says once and for all which account it is (network, server, identifier); emptied when it is disconnected, so
    that it may be connected again. `sealed` holds the grant and nothing else does.
    """

    class State(models.TextChoices):
        CONNECTED = "connected"
        SIGN_IN_AGAIN = "sign_in_again"
        ENDING = "ending"
        ENDED = "ended"

    code = models.CharField(max_length=16, unique=True, default=new_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=20)
    host = models.CharField(max_length=255, blank=True, default="")  # where we registered, if by server
    server = models.CharField(
        max_length=255, blank=True, default=""
    )  # that answers for it, if not one for all
    place = models.CharField(max_length=400, null=True, unique=True)
    account_id = models.CharField(max_length=255)
    handle = models.CharField(max_length=255, blank=True, default="")
    name = models.CharField(max_length=255, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=14, choices=State.choices, default=State.CONNECTED)
    limits = models.JSONField(default=dict, blank=True)  # of the account's own server, where it has some
    scopes = models.JSONField(default=list, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)  # of the access token
    ends_at = models.DateTimeField(
        null=True, blank=True
    )  # when the person must sign in again, whatever we do
    renew_at = models.DateTimeField(
        null=True, blank=True
    )  # when the sign-in is renewed even if nothing goes out
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last reminder: 14, 7, 1
    refreshing_until = models.DateTimeField(null=True, blank=True)  # one refresh at a time
    connected_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["person", "state"], name="account_by_person")]

    def __str__(self) -> str:
        return f"{self.network} {self.handle}"

    @property
    def seal_context(self) -> str:
        return f"ConnectedAccount:{self.organisation_id}:{self.code}"

    @property
    def is_connected(self) -> bool:
        return self.state == self.State.CONNECTED

    @property
    def is_there(self) -> bool:
        """Whether it is the person's still, signed in or not."""
        return self.state in (self.State.CONNECTED, self.State.SIGN_IN_AGAIN)


class PostingHour(TenantModel):
    """A moment of the week at which a person likes to publish, by the clock of their zone."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    minute = models.PositiveSmallIntegerField()  # of the day

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "weekday", "minute"], name="hour_once")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.minute // 60:02}:{self.minute % 60:02}"


class Post(TenantModel, WorkRow):
    """A share that a network publishes for the person: one row, one post at the most, whatever crashes.

    `frozen` and `key_at` are born with the person's approval and never change once a try was made. `wall_at` is what the
    person's clock will show, `zone` where, `tzdata` by which edition of the zones `due_at` was worked out.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    share = models.OneToOneField(Share, on_delete=models.CASCADE, related_name="post")
    account = models.ForeignKey(ConnectedAccount, on_delete=models.CASCADE, related_name="posts")
    state = models.CharField(max_length=14, choices=PostState.choices, default=PostState.SCHEDULED)
    frozen = models.JSONField()
    prepared = models.JSONField(null=True, blank=True)
    key_at = models.DateTimeField()
    wall_at = models.CharField(max_length=16)  # 2026-12-01T08:30
    zone = models.CharField(max_length=64)
    tzdata = models.CharField(max_length=20)
    scheduled_at = models.DateTimeField()  # the same moment, in UTC; what `due_at` was first
    is_chosen = models.BooleanField(default=False)  # the person chose that very minute
    moved_from = models.CharField(
        max_length=16, blank=True, default=""
    )  # what the clock was to show before we moved it
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)  # when the last try began
    # When the first sending began whose outcome is still unknown: something of it may be out there.
    doubt_since = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveSmallIntegerField(default=0)  # how often we looked for it in vain since then
    reason = models.CharField(max_length=40, blank=True, default="")  # why it is where it is, a code
    detail = models.CharField(max_length=300, blank=True, default="")  # the network's own words
    post_id = models.CharField(max_length=500, blank=True, default="")
    url = models.CharField(max_length=1000, blank=True, default="")
    by_word = models.BooleanField(default=False)  # published, says the person; the network could not tell
    published_at = models.DateTimeField(null=True, blank=True)
    wants_off = models.BooleanField(
        default=False
    )  # the person wants it taken off as soon as we know that it is there
    figures = models.JSONField(
        default=dict, blank=True
    )  # what the network told last, never mixed with our own
    figures_at = models.DateTimeField(null=True, blank=True)
    figures_asked_at = models.DateTimeField(null=True, blank=True)  # by the person, whatever came of it
    history = models.JSONField(default=list, blank=True)  # [state, moment, reason]

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["account", "state", "scheduled_at"], name="post_by_account"),
            models.Index(fields=["state", "due_at"], name="post_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def is_over(self) -> bool:
        return self.state in (PostState.REFUSED, PostState.WITHDRAWN, PostState.DELETED)

    def step(self, state: str, now: datetime, reason: str) -> list[Any]:
        """The history with one more step, the oldest left out past thirty."""
        return [*self.history, [state, now.isoformat(timespec="milliseconds"), reason]][-30:]


class Hold(models.Model):
    """A wait that a network asked for, or that we impose on ourselves: nothing goes there before `until`.

    `key` says whom it concerns: an account, the operator's keys of one organisation, or a network's server for everybody.
    """

    key = models.CharField(max_length=300, unique=True)
    until = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)  # in a row, of a server that does not answer
    reason = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.key} {self.until:%H:%M:%S}"
