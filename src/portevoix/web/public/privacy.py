"""What is recorded about whom, and for how long: the page that ambassadors and visitors can read."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from portevoix.web.access import PageRequest, public


@public
def privacy(request: PageRequest) -> HttpResponse:
    """The privacy notice, in the reader's language."""
    context = {"raw_days": settings.ENVIRONMENT.raw_clicks_days}
    return render(request, "public/privacy.html", context)
