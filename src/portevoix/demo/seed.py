"""Seeds the demo: a company, its line, its stories, eight weeks of life, through the actions that people would have met.

No figure is inserted: shares are shared, requests go through the redirector's own answer and its spool, and the worker's
judge counts them. Everything happens at its own moment of the past.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby

from django.conf import settings
from django.db import transaction

from portevoix.analytics.folding import fold_months
from portevoix.analytics.jobs import judge_and_count
from portevoix.core import clock, tenancy, work
from portevoix.core.errors import Refusal
from portevoix.demo import company, line, site, sources, stories, traffic, voice
from portevoix.demo.visits import Visits
from portevoix.editorial.actions.disclosure import set_disclosure_line
from portevoix.editorial.actions.phrases import add_forbidden_phrase
from portevoix.editorial.actions.pillars import create_pillar
from portevoix.editorial.models import Pillar
from portevoix.feed.actions import choose_tastes
from portevoix.library.actions.captions import add_caption
from portevoix.library.actions.publishing import (
    feature_story,
    publish_story,
    refuse_story,
    submit_for_review,
)
from portevoix.library.actions.sources import add_source
from portevoix.library.actions.starting import start_story, start_text_story
from portevoix.library.actions.suggestions import suggest_story
from portevoix.library.actions.writing import save_story
from portevoix.library.jobs import expire_stories
from portevoix.library.models import Story
from portevoix.links.jobs import renew_visitor_secrets
from portevoix.people.actions.audiences import create_audience
from portevoix.people.actions.invitations import invite_person
from portevoix.people.actions.organisations import create_organisation
from portevoix.people.actions.participation import join_programme, pause_programme
from portevoix.people.actions.persons import create_person
from portevoix.people.actions.roles import grant_role
from portevoix.people.actions.teams import create_team
from portevoix.people.jobs import INVITATIONS
from portevoix.people.models import Audience, Organisation, Person, Team
from portevoix.sharing.actions.company import share_for_company
from portevoix.sharing.actions.shares import share_story, take_back_share
from portevoix.sharing.models import Share

FOUNDED = timedelta(weeks=traffic.WEEKS, days=5)
INVITED = (
    ("Wafaa", "wafaa.hilali@atlas-energies.example", 3),
    ("Théo", "theo.gravier@atlas-energies.example", 1),
)
MANDATE = timedelta(days=180)


@dataclass
class Made:
    """What exists so far of one organisation, by the keys of the demo's data."""

    organisation: Organisation
    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    pillars: dict[str, Pillar] = field(default_factory=dict)
    audiences: dict[str, Audience] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)


def seed(say: Callable[[str], None], now: datetime | None = None) -> None:
    """Makes both organisations, as of `now`. `say` hears one line for each step."""
    now = now or clock.now()
    atlas = found(company.ATLAS, now)
    say("60 people in 8 teams")
    with tenancy.acting_for(atlas.organisation.pk):
        set_line(atlas, line.PILLARS, line.DISCLOSURE, now)
        for phrase in line.FORBIDDEN:
            add_forbidden_phrase(
                organisation=atlas.organisation,
                person=None,
                phrase=phrase.phrase,
                language=phrase.language,
                reason=phrase.reason,
                better=phrase.better,
                now=now - FOUNDED,
            )
        make_audiences(atlas, now - FOUNDED)
        site.open_site(atlas.organisation, atlas.people[company.DRISS.email], now - FOUNDED)
        live(atlas, company.ATLAS, stories.STORIES, now, say)
        wait_for_ines(atlas, now)
        say("3 sources, polled")
    saiss = found(company.SAISS, now)
    with tenancy.acting_for(saiss.organisation.pk):
        set_line(saiss, line.SAISS_PILLARS, line.SAISS_DISCLOSURE, now)
        live(saiss, company.SAISS, stories.SAISS_STORIES, now, lambda _: None)
    while judge_and_count(now):
        pass
    fold_months(now)
    renew_visitor_secrets(now)
    say("clicks judged")


@transaction.atomic
def found(data: company.Organisation, now: datetime) -> Made:
    """The organisation, its teams and its people; nobody takes part yet."""
    then = now - FOUNDED
    organisation = create_organisation(
        name=data.name,
        website=data.website,
        language=data.language,
        time_zone=data.time_zone,
        country=data.country,
        mail_domains=[data.domain],
        now=then,
    )
    made = Made(organisation)
    with tenancy.acting_for(organisation.pk):
        for team in data.teams:
            made.teams[team.key] = create_team(organisation=organisation, name=team.name, by=None, now=then)
        for one in data.people:
            made.people[one.email] = make_person(made, one, then, now)
    return made


def make_person(made: Made, one: company.Person, then: datetime, now: datetime) -> Person:
    """A person; only those whose log-ins are printed have a password, the others sign in by a mailed link."""
    is_printed = one in company.CAST
    person = create_person(
        organisation=made.organisation,
        email=one.email,
        given_name=one.given_name,
        family_name=one.family_name,
        roles=[role for role in one.roles if role != "consultant"],
        team=made.teams[one.team] if one.team else None,
        country=one.country,
        language=one.language,
        time_zone=one.time_zone,
        password=company.PASSWORD if is_printed else "",
        now=then,
    )
    if "consultant" in one.roles:
        grant_role(person=person, role="consultant", ends_on=(now + MANDATE).date(), by=None, now=now)
    return person


def set_line(
    made: Made, pillars: tuple[line.Pillar, ...], disclosure: dict[company.Language, str], now: datetime
) -> None:
    """Pillars and disclosure lines."""
    then = now - FOUNDED
    for pillar in pillars:
        made.pillars[pillar.key] = create_pillar(
            organisation=made.organisation,
            person=None,
            names={str(language): name for language, name in pillar.names.items()},
            description=pillar.description,
            target_share=pillar.target_share,
            now=then,
        )
    for language, text in disclosure.items():
        set_disclosure_line(
            organisation=made.organisation, person=None, language=language, text=text, now=then
        )


def make_audiences(made: Made, then: datetime) -> None:
    """The saved rules of the demo, teams named by their codes."""
    for audience in line.AUDIENCES:
        rule = {
            "teams": [made.teams[key].code for key in audience.teams],
            "countries": list(audience.countries),
            "languages": list(audience.languages),
            "roles": list(audience.roles),
        }
        made.audiences[audience.key] = create_audience(
            organisation=made.organisation,
            name=audience.name,
            rule={key: values for key, values in rule.items() if values},
            by=None,
            now=then,
        )


@dataclass(frozen=True, order=True)
class Moment:
    """A story that begins, at its time; sorts with the events of `traffic.life`."""

    at: datetime
    story: stories.Story = field(compare=False)


Happening = Moment | traffic.Event | voice.CompanyEvent


def live(
    made: Made,
    data: company.Organisation,
    told: tuple[stories.Story, ...],
    now: datetime,
    say: Callable[[str], None],
) -> None:
    """Replays the eight weeks, day by day: each day is one transaction, its clicks are written as they were answered."""
    visits = Visits(settings.CLICKS_ROOT, made.organisation)
    beginnings = sorted(Moment(traffic.story_published_at(one, now), one) for one in told)
    told_by_all = traffic.life(now, organisation=data), voice.says(now, organisation=data)
    events: Iterator[Happening] = merge(beginnings, *told_by_all, key=lambda event: event.at)
    for _day, of_the_day in groupby(events, key=lambda event: event.at.date()):
        with transaction.atomic():
            for event in of_the_day:
                replay(made, event, visits, now)
    expire_stories(now)
    visits.close()
    of_company = sum(share.is_company for share in made.shares.values())
    shares = len(made.shares) - of_company
    say(
        f"{len(made.stories)} stories, {shares} shares, {of_company} posts of the company, {visits.count} visits"
    )


def replay(made: Made, event: Happening, visits: Visits, now: datetime) -> None:
    """One event, at its moment; nothing that came of it after `now`."""
    match event:
        case Moment():
            made.stories[event.story.key] = tell(made, event.story, event.at)
        case traffic.JoinEvent():
            join_programme(person=made.people[event.person], now=event.at)
            follow(made, made.people[event.person], event.at)
        case traffic.PauseEvent():
            pause_programme(person=made.people[event.person], now=event.at)
        case traffic.ShareEvent():
            share(made, event)
        case voice.CompanyEvent():
            made.shares[event.key] = share_for_company(
                person=an_editor(made),
                story=made.stories[event.story],
                channel=event.channel,
                text=event.text,
                now=event.at,
            )
        case traffic.TakeBackEvent() if event.share in made.shares:
            take_back_share(share=made.shares[event.share], now=event.at)
        case traffic.ClickEvent() if event.share in made.shares:
            renew_visitor_secrets(event.at) if visits.is_new_period(event.at) else None
            site.act(visits.visit(made.shares[event.share].link, event), event, now)


def tell(made: Made, told: stories.Story, at: datetime) -> Story:
    """A story from its first draft to where it stands: published, waiting for an editor, or sent back with a note."""
    author, editor = made.people[told.author], an_editor(made)
    drafted = at - timedelta(hours=1)
    if told.link:
        story = start_story(author=author, link=told.link, now=drafted)
    else:
        story = start_text_story(author=author, title=told.title, now=drafted)
    changes = {
        "why": told.why,
        "pillar": made.pillars[told.pillar],
        "audience": made.audiences.get(told.audience or ""),
        "is_internal": told.internal_only,
        "expires_at": at + timedelta(days=told.lasts_days),
    }
    story = save_story(story=story, person=author, changes=changes, now=drafted).story
    for caption in told.captions:
        add_caption(
            story=story,
            person=author,
            language=caption.language,
            network=caption.network,
            angle=caption.angle,
            text=caption.text,
            now=drafted,
        )
    if told.state == "published":
        story = publish_story(story=story, person=editor, confirm_destination=True, now=at)
        return feature_story(story=story, person=editor, now=at) if told.featured else story
    story = submit_for_review(story=story, person=author, now=at)
    if told.state == "refused":
        return refuse_story(story=story, person=editor, note=told.note, now=at + timedelta(hours=3))
    return story


def an_editor(made: Made) -> Person:
    """Ines where she works; the programme manager elsewhere."""
    ines = made.people.get(company.INES.email)
    return ines or next(person for person in made.people.values() if "manager" in person.roles)


def follow(made: Made, person: Person, at: datetime) -> None:
    """Two themes that the person declares, by their place in the company: chosen once, on joining."""
    keys = sorted(made.pillars)
    first = sum(map(ord, person.account.email)) % len(keys)
    chosen = (
        {"roof", "trades"} if person.account.email == company.ANA.email else {keys[first], keys[first - 2]}
    )
    choose_tastes(person=person, pillars=[made.pillars[key] for key in sorted(chosen)], now=at)


def share(made: Made, event: traffic.ShareEvent) -> None:
    """One share, as the sheet would send it; what the house refuses is not shared, as in life."""
    person, story = made.people[event.person], made.stories[event.story]
    try:
        made.shares[event.key] = share_story(
            person=person,
            story=story,
            channel=event.channel,
            language=event.language,
            text=event.text,
            now=event.at,
        )
    except Refusal:
        return


def wait_for_ines(made: Made, now: datetime) -> None:
    """What she finds this morning: two suggestions, three sources just polled, two invitations on their way."""
    for suggestion in stories.SUGGESTIONS:
        suggest_story(
            person=made.people[suggestion.by],
            link=suggestion.link,
            comment=suggestion.comment,
            now=now - timedelta(days=suggestion.days_ago),
        )
    for source in sources.SOURCES:
        add_source(
            organisation=made.organisation,
            person=an_editor(made),
            name=source.name,
            address=source.address,
            mode=source.mode,
            pillar=made.pillars[source.pillar],
            new_per_day_limit=source.new_per_day,
            active_limit=source.most_active,
            now=now - timedelta(minutes=20),
        )
    for given_name, email, days_ago in INVITED:
        invite_person(
            by=made.people[company.MARC.email],
            email=email,
            given_name=given_name,
            now=now - timedelta(days=days_ago),
        )
        work.work_through(INVITATIONS, now - timedelta(days=days_ago))
