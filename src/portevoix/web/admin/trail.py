"""The trail: who did what, when. What is a person's own business is not shown here (`acts`)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portevoix.people import queries
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.admin.acts import WORDS

ENTRIES_ON_A_PAGE = 50
HEADINGS = [{"label": label} for label in (_("When"), _("Who"), _("What"), _("Code"))]


@able(Ability.ADMINISTER)
def trail(request: PageRequest) -> HttpResponse:
    """The acts of the organisation, the latest first, by kind of act and by person."""
    act, by = request.GET.get("act", ""), request.GET.get("by", "")
    entries = queries.trail(request.person, acts=[act] if act in WORDS else WORDS, by=by)
    page = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(entry, WORDS[entry.act]) for entry in page],
        "acts": sorted(WORDS.items(), key=lambda act: str(act[1])),
        "act": act,
        "by": by,
        "headings": HEADINGS,
    }
    return render(request, "admin/trail.html", context)
