"""`portevoix manage rotate_keys`: a fresh sealing key, and every secret under it, while everything goes on running."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portevoix.core.rotation import KeysAreGiven, rotate


class Command(BaseCommand):
    """Adds a key, closes every secret with it, and says how many there were."""

    help = "Makes a fresh sealing key and closes every secret with it. Everything may go on running."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--forget",
            action="store_true",
            help="then drop all keys but two: older copies of the database can no longer be read",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            done = rotate(forget=options["forget"])
        except KeysAreGiven as why:
            raise CommandError(str(why)) from None
        self.stdout.write(f"{done.count} secrets are under the key {done.key}. Keys kept: {done.kept}.")
