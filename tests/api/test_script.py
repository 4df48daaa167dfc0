"""The script for companies' sites: small, kept by browsers, and without memory where nobody agreed."""

import gzip

from django.test import Client

from portevoix.api.script import script


def test_script_is_small() -> None:
    assert len(script()) < 1000
    assert len(gzip.compress(script())) < 600


def test_script_is_served_to_any_site_and_kept(db: None) -> None:
    answer = Client().get("/pv.js")
    again = Client().get("/pv.js", headers={"If-None-Match": answer["ETag"]})

    assert (answer.status_code, answer.content) == (200, script())
    assert {
        name: answer[name] for name in ("Content-Type", "Cache-Control", "Cross-Origin-Resource-Policy")
    } == {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    assert (again.status_code, again.content) == (304, b"")
    assert not answer.cookies


def test_script_knows_no_cookie() -> None:
    assert b"cookie" not in script().lower()
