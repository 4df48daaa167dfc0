"""What links do when something happens elsewhere."""

from portevoix.core import clock, events
from portevoix.links import actions
from portevoix.people.events import OrganisationCreated


@events.subscribe(OrganisationCreated)
def keep_secrets_of_new_organisation(event: OrganisationCreated) -> None:
    """A new organisation tells its visitors apart from the first click on."""
    actions.keep_visitor_secrets(organisation_id=event.organisation_id, now=clock.now())
