"""Every address of the product, by audience."""

from django.urls import include, path

urlpatterns = [
    path("", include("portevoix.web.member.urls")),
    path("studio/", include("portevoix.web.studio.urls")),
    path("admin/", include("portevoix.web.admin.urls")),
    path("", include("portevoix.web.auth.urls")),
    path("", include("portevoix.web.public.urls")),
    path("", include("portevoix.api.urls")),
]
handler404 = "portevoix.web.public.errors.not_found"
handler500 = "portevoix.web.public.errors.our_fault"
handler403 = "portevoix.web.public.errors.forbidden"
handler400 = "portevoix.web.public.errors.bad_request"
