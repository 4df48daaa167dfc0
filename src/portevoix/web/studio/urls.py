"""Addresses of the studio pages."""

from portevoix.web.studio import ambassadors, audiences, compose, figures, library, line, sources, suggestions

urlpatterns = [
    *figures.urlpatterns,
    *line.urlpatterns,
    *library.urlpatterns,
    *compose.urlpatterns,
    *sources.urlpatterns,
    *suggestions.urlpatterns,
    *ambassadors.urlpatterns,
    *audiences.urlpatterns,
]
