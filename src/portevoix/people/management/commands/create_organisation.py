"""`portevoix manage create_organisation NAME WEBSITE EMAIL`: an organisation and its first administrator."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portevoix.core import clock, tenancy
from portevoix.core.errors import Refusal
from portevoix.people.actions.organisations import create_organisation
from portevoix.people.actions.persons import create_person
from portevoix.people.models import Language
from portevoix.people.roles import Role


class Command(BaseCommand):
    """Makes an organisation and the person who administers it and runs its programme."""

    help = "Makes an organisation and its first administrator, who signs in by a mailed link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("website", help="the company's page, where expired links lead")
        parser.add_argument("email", help="address of its first administrator")
        parser.add_argument("--given-name", default="")
        parser.add_argument("--language", default=Language.FRENCH, choices=Language.values)
        parser.add_argument("--time-zone", default="Europe/Paris")
        parser.add_argument("--country", default="FR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._make(**options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(
            f"{options['name']} is ready. {options['email']} signs in at {settings.PUBLIC_ADDRESS}/sign-in/link"
        )

    @transaction.atomic
    def _make(self, **options: Any) -> None:
        now = clock.now()
        organisation = create_organisation(
            name=options["name"],
            website=options["website"],
            language=options["language"],
            time_zone=options["time_zone"],
            country=options["country"],
            now=now,
        )
        with tenancy.acting_for(organisation.pk):
            create_person(
                organisation=organisation,
                email=options["email"],
                given_name=options["given_name"] or options["email"].partition("@")[0],
                roles=[Role.ADMINISTRATOR, Role.MANAGER],
                now=now,
            )
