"""Addresses of the studio pages."""

from django.conf import settings
from django.urls import path

from portevoix.web.studio import (
    ambassadors,
    audiences,
    company_page,
    compose,
    figures,
    library,
    line,
    sources,
    suggestions,
    visitors,
)
from portevoix.web.styleguide.page import page as styleguide

urlpatterns = [
    *figures.urlpatterns,
    *visitors.urlpatterns,
    *line.urlpatterns,
    *library.urlpatterns,
    *compose.urlpatterns,
    *company_page.urlpatterns,
    *sources.urlpatterns,
    *suggestions.urlpatterns,
    *ambassadors.urlpatterns,
    *audiences.urlpatterns,
]
if settings.DEMO or settings.DEBUG:
    urlpatterns += [path("styleguide", styleguide, name="styleguide")]
