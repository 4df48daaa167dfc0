"""The language of the pages: kept in a cookie for a visitor, with the log-in for those who have one."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import NotFound
from portevoix.people.actions.persons import change_preferences
from portevoix.people.models import Language
from portevoix.web.access import PageRequest, public
from portevoix.web.middleware import page_before

A_YEAR_IN_SECONDS = 60 * 60 * 24 * 365


@require_POST
@public
def set_language(request: PageRequest) -> HttpResponse:
    """Speaks the chosen language from now on, and goes back to the page it was chosen on."""
    language = request.POST.get("language", "")
    if language not in Language.values:
        raise NotFound("language")
    if request.user.is_authenticated:
        change_preferences(account=request.user, language=language, now=clock.now())
    answer = redirect(page_before(request))
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR_IN_SECONDS,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return answer
