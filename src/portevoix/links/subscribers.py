"""What links do when something happens elsewhere."""

from portevoix.core import clock, events
from portevoix.links.actions.keys import keep_visitor_secrets
from portevoix.people.events import OrganisationChanged, OrganisationCreated


@events.subscribe(OrganisationCreated)
def keep_secrets_of_new_organisation(event: OrganisationCreated) -> None:
    """A new organisation tells its visitors apart from the first click on."""
    keep_visitor_secrets(organisation_id=event.organisation_id, now=clock.now())


@events.subscribe(OrganisationChanged)
def plan_visitor_periods_anew(event: OrganisationChanged) -> None:
    """Visitors of an organisation are told apart for as long as it says now, and by its clock."""
    if {"visitor_period", "time_zone"} & set(event.changed):
        keep_visitor_secrets(organisation_id=event.organisation_id, now=clock.now())
