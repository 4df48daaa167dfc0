"""Addresses of signing in, of invitations and of join links. Of allauth's pages, only those below are open."""

from allauth.account import views as allauth
from django.urls import path, re_path

from portevoix.web.access import public, signed_in
from portevoix.web.auth import joining, organisations, sign_in_links

urlpatterns = [
    path("sign-in", public(allauth.login), name="account_login"),
    path("sign-out", public(allauth.logout), name="account_logout"),
    path("sign-in/closed", public(allauth.account_inactive), name="account_inactive"),
    path("sign-in/link", sign_in_links.ask, name="sign_in_link"),
    path("sign-in/link/<str:token>", sign_in_links.land, name="sign_in_by_link"),
    path("password/change", signed_in(allauth.password_change), name="account_change_password"),
    path("password/choose", signed_in(allauth.password_set), name="account_set_password"),
    path("password/forgotten", public(allauth.password_reset), name="account_reset_password"),
    path("password/forgotten/sent", public(allauth.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        public(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done",
        public(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("invitation/<str:token>", joining.invitation, name="invitation"),
    path("join/confirm/<str:token>", joining.confirm, name="join_confirm"),
    path("join/<slug:code>", joining.join, name="join"),
    path("organisation/none", organisations.none, name="no_organisation"),
    path("organisation/switch", organisations.switch, name="switch_organisation"),
]
