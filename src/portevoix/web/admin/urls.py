"""Addresses of those who administer: people, settings, the trail."""

from django.urls import path

from portevoix.web.admin import links, networks, people, settings, trail, work

urlpatterns = [
    path("people", people.people, name="people"),
    path("people/<slug:code>", people.person, name="person"),
    path("people/<slug:code>/roles", people.grant, name="person_grant_role"),
    path("people/<slug:code>/roles/end", people.revoke, name="person_revoke_role"),
    path("people/<slug:code>/end", people.deactivate, name="person_deactivate"),
    path("people/<slug:code>/open", people.reactivate, name="person_reactivate"),
    path("settings", settings.settings, name="settings"),
    path("teams", settings.create_team, name="team_create"),
    path("teams/<slug:code>", settings.rename_team, name="team_rename"),
    path("teams/<slug:code>/delete", settings.delete_team, name="team_delete"),
    path("links", links.links, name="links"),
    path("links/sites", links.add_site, name="site_add"),
    path("links/sites/<slug:code>/remove", links.remove_site, name="site_remove"),
    path("links/tokens", links.create_token, name="api_token_create"),
    path("links/tokens/<slug:code>/revoke", links.revoke_token, name="api_token_revoke"),
    path("trail", trail.trail, name="trail"),
    path("networks", networks.networks, name="networks"),
    path("networks/<slug:key>", networks.network, name="network"),
    path("networks/<slug:key>/forget", networks.forget, name="network_forget"),
    path("work", work.work, name="work"),
    path("work/retry", work.retry, name="work_retry"),
]
