"""Rows of the workshop itself: recurring looks, and the workers that are alive. They belong to no organisation."""

from django.db import models

from portevoix.core.work import WorkRow


class Turn(WorkRow):
    """A recurring look (`work.Sweep`): `due_at` is its next turn. One worker of all has it at a time."""

    key = models.CharField(max_length=60, unique=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    done_count = models.PositiveIntegerField(default=0)  # what the last turn did

    def __str__(self) -> str:
        return self.key


class WorkerSign(models.Model):
    """A worker process that is alive: it renews its sign every ten seconds, and takes it away when it ends."""

    name = models.CharField(max_length=80, unique=True)
    engine = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
