"""Who may open what: one line for each address of the product, by its name. `test_access_matrix` holds every view to it.

To add an address: one line in `ROUTES`, in the part of its audience.

    Route("pillar", EDITORS, samples.pillar)
          name      who      what it is about (only when the address has arguments)

- *who*: `ANYONE`, `LOGGED_IN` (any log-in), `MEMBERS` (everyone of Atlas), `SERVERS` (with a token), or the names of
  those of Atlas who may.
- the third word, from `access_samples`, is a function `(cast, now) -> kwargs` that makes the object **of Atlas** that the
  address is about. Otto, of another organisation, is given every role there is, takes part, and must still get 404 for
  it, unless the address is for anyone.
- `is_everyones=True` when it names no object of an organisation, but a network, which each has for itself.
- `posts=True` when the view answers POST only; `data` is then what is sent.
"""

from dataclasses import dataclass, field

from web import access_samples as samples
from web.access_samples import Sample, an_export_of

ANYONE, LOGGED_IN, MEMBERS = "anyone", "logged in", "members"
SERVERS = "servers"  # those that hold a token: no log-in opens it
EVERYBODY = "ana noor chloe ines marc karim lea driss salma"
SHARERS = "ana noor chloe"
WRITERS = "chloe ines marc salma"
EDITORS = "ines marc salma"
READERS_OF_FIGURES = "ines marc salma karim lea"
EXPORTERS = "ines marc salma lea"
INVITERS = "marc driss salma"


@dataclass(frozen=True)
class Route:
    """What is expected of one address."""

    name: str
    who: str
    sample: Sample | None = None
    posts: bool = False
    is_everyones: bool = False
    reads_sessions: bool = True
    data: dict[str, str] = field(default_factory=dict)


SIGN_IN = [
    Route("account_login", ANYONE),
    Route("account_logout", ANYONE),
    Route("account_inactive", ANYONE),
    Route("sign_in_link", ANYONE),
    Route("sign_in_by_link", ANYONE, samples.sign_in_token),
    Route("account_change_password", LOGGED_IN),
    Route("account_set_password", LOGGED_IN),
    Route("account_reset_password", ANYONE),
    Route("account_reset_password_done", ANYONE),
    Route("account_reset_password_from_key", ANYONE, samples.reset_key),
    Route("account_reset_password_from_key_done", ANYONE),
    Route("invitation", ANYONE, samples.invitation_token),
    Route("join", ANYONE, samples.join_link),
    Route("join_confirm", ANYONE, samples.join_token),
    Route("no_organisation", LOGGED_IN),
    Route("switch_organisation", LOGGED_IN, posts=True),
]
PUBLIC = [
    Route("set_language", ANYONE, posts=True, data={"language": "fr"}),
    Route("privacy", ANYONE),
    Route("health", ANYONE),
    Route("pv_js", ANYONE, reads_sessions=False),
    Route("api_browser_conversions", ANYONE, posts=True, reads_sessions=False),
    Route("api_conversions", SERVERS, posts=True, reads_sessions=False),
    Route("picture", ANYONE, samples.picture),
    Route("card", ANYONE, samples.card),
    Route("introduction", ANYONE, samples.network_with_passwords),
    Route("introduction_keys", ANYONE, samples.network_with_passwords),
]
ADMIN = [
    Route("people", "driss"),
    Route("person", "driss", samples.ana),
    Route("person_grant_role", "driss", samples.ana, posts=True),
    Route("person_revoke_role", "driss", samples.ana, posts=True, data={"role": "ambassador"}),
    Route("person_deactivate", "driss", samples.ana, posts=True),
    Route("person_reactivate", "driss", samples.ana, posts=True),
    Route("settings", "driss"),
    Route("team_create", "driss", posts=True),
    Route("team_rename", "driss", samples.team, posts=True, data={"name": "Sales"}),
    Route("team_delete", "driss", samples.team, posts=True),
    Route("links", "driss"),
    Route("site_add", "driss", posts=True, data={"address": "https://www.atlas.example"}),
    Route("site_remove", "driss", samples.site, posts=True),
    Route("api_token_create", "driss", posts=True, data={"name": "CRM"}),
    Route("api_token_revoke", "driss", samples.api_token, posts=True),
    Route("trail", "driss"),
    Route("networks", "driss"),
    Route("network", "driss", samples.a_network, is_everyones=True),
    Route("network_forget", "driss", samples.a_network, posts=True, is_everyones=True),
    Route("work", "driss"),
    Route(
        "work_retry",
        "driss",
        samples.failed_work,
        posts=True,
        data={"kind": "people.invitation", "row": samples.FAILED_CODE},
    ),
]
FIGURES = [
    Route("overview", READERS_OF_FIGURES),
    Route("visitors", READERS_OF_FIGURES),
    Route("story_results", READERS_OF_FIGURES, samples.published_story),
    Route("exports", EXPORTERS),
    Route("export_download", "marc", an_export_of("marc", "overview")),
    Route("export_erase", "marc", an_export_of("marc", "overview"), posts=True),
]
LINE = [
    Route("line", EDITORS),
    Route("disclosure_lines", EDITORS, posts=True),
    Route("pillar_add", EDITORS),
    Route("pillar", EDITORS, samples.pillar),
    Route("pillar_archive", EDITORS, samples.pillar, posts=True),
    Route("pillar_restore", EDITORS, samples.pillar, posts=True),
    Route("pillar_move", EDITORS, samples.pillar, posts=True),
    Route("phrase_add", EDITORS),
    Route("phrase", EDITORS, samples.phrase),
    Route("phrase_remove", EDITORS, samples.phrase, posts=True),
]
LIBRARY = [
    Route("library", WRITERS),
    Route("review", EDITORS),
    Route("review_refuse", EDITORS, samples.story, posts=True),
    Route("story_archive", EDITORS, samples.published_story, posts=True),
    Route("story_restore", EDITORS, samples.story, posts=True),
    Route("story_feature", EDITORS, samples.published_story, posts=True),
    Route("compose", WRITERS),
    Route("compose", EDITORS, samples.story),
    Route("compose", WRITERS, samples.story_of_chloe),
    Route("story_reread", EDITORS, samples.linked_story, posts=True),
    Route("picture_add", EDITORS, samples.story, posts=True),
    Route("picture_remove", EDITORS, samples.picture, posts=True),
    Route("document_set", EDITORS, samples.story, posts=True),
    Route("document", EDITORS, samples.document),
    Route("document_remove", EDITORS, samples.document, posts=True),
    Route("company_page", EDITORS, samples.published_story),
    Route("company_take_back", EDITORS, samples.company_post, posts=True),
    Route("company_restore", EDITORS, samples.company_post, posts=True),
    Route("sources", EDITORS),
    Route("source_add", EDITORS),
    Route("source", EDITORS, samples.source),
    Route("source_pause", EDITORS, samples.source, posts=True),
    Route("source_poll", EDITORS, samples.source, posts=True),
    Route("source_remove", EDITORS, samples.source, posts=True),
    Route("suggestions", EDITORS),
    Route("suggestion_accept", EDITORS, samples.suggestion, posts=True),
    Route("suggestion_refuse", EDITORS, samples.suggestion, posts=True),
]
RECRUITING = [
    Route("ambassadors", INVITERS),
    Route("join_link_open", INVITERS, posts=True),
    Route("join_link_close", INVITERS, samples.join_link, posts=True),
    Route("invitation_cancel", INVITERS, samples.invitation, posts=True),
    Route("invitation_remind", INVITERS, samples.invitation, posts=True),
    Route("audiences", EDITORS),
    Route("audience_count", EDITORS),
    Route("audience", EDITORS, samples.audience),
    Route("audience_delete", EDITORS, samples.audience, posts=True),
]
MEMBER = [
    Route("to_share", MEMBERS),
    Route("share_sheet", SHARERS, samples.published_story),
    Route("share_draft", SHARERS, samples.published_story, posts=True),
    Route("thanks", "ana", samples.share_of_ana),
    Route("take_back", "ana", samples.share_of_ana, posts=True),
    Route("restore", "ana", samples.share_of_ana, posts=True),
    Route(
        "move_post", "ana", samples.post_of_ana, posts=True, data={"when": "chosen", "at": "2026-12-01T09:00"}
    ),
    Route("read_figures", "ana", samples.post_of_ana, posts=True),
    Route("answer_post", "ana", samples.post_of_ana, posts=True, data={"answer": "online"}),
    Route("accounts", SHARERS),
    Route("connect", SHARERS, samples.network_of_member, is_everyones=True),
    Route("connect_with_password", SHARERS, samples.network_with_passwords, posts=True, is_everyones=True),
    Route("come_back", SHARERS, samples.network_of_member, is_everyones=True),
    Route("come_back_from", SHARERS, samples.a_server, is_everyones=True),
    Route("confirm_account", "ana", samples.attempt_of_ana),
    Route("disconnect", "ana", samples.account_of_ana, posts=True),
    Route("my_hours", SHARERS),
    Route("suggest", SHARERS),
    Route("my_results", MEMBERS),
    Route("my_results_export", MEMBERS, posts=True),
    Route("my_export_download", "ana", an_export_of("ana", "my_shares")),
    Route("my_export_erase", "ana", an_export_of("ana", "my_shares"), posts=True),
    Route("me", MEMBERS),
    Route("my_topics", MEMBERS, posts=True),
    Route("my_reading", MEMBERS, posts=True),
    Route("my_programme", MEMBERS, posts=True, data={"move": "join"}),
    Route("my_data", MEMBERS),
]
ROUTES = [*SIGN_IN, *PUBLIC, *ADMIN, *FIGURES, *LINE, *LIBRARY, *RECRUITING, *MEMBER]
