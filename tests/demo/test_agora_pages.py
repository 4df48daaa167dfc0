"""Agora's pages and forms: three languages, hostile texts, what browsers are told to refuse."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from agora_town import BACK, HOSTILE, LINK, NOW, PNG, T, Town, account_of, asked
from portevoix.demo.agora import words
from portevoix.demo.agora.exchange import Reply, Request
from portevoix.demo.agora.figures import figures
from portevoix.demo.agora.network import Agora, NotTaken
from portevoix.demo.agora.records import Account, NewPost, Post
from portevoix.demo.agora.server import Site, reply
from portevoix.demo.agora.sign_in import is_allowed

WAYS = {"fr": "fr-FR,fr;q=0.9", "ar": "ar-MA,ar;q=0.9,en;q=0.5", "en": "en-GB,en;q=0.9"}


@pytest.fixture
def town() -> Iterator[Town]:
    with Town.served() as town:
        yield town


@pytest.mark.parametrize(
    ("address", "good"),
    [
        (BACK, True),
        ("http://localhost:8000/x", True),
        ("http://app.localhost/x?y=1", True),
        ("https://voix.example/back", True),
        ("https://voix.example:443/", True),
        ("https://voix.example:8443/", False),
        ("http://voix.example/back", False),
        ("https://evil.example/", False),
        ("http://127.0.0.1@evil.example/", False),
        ("http://localhost.evil.example/", False),
        ("http://evil.example#.localhost/", False),
        ("http://evil.example\\.localhost/", False),
        ("http://a;b.localhost/", False),
        ("javascript:alert(1)//localhost", False),
        ("//localhost/", False),
        ("http://localhost:x/", False),
        ("http://localhost/\r\nX: y", False),
        ("", False),
    ],
)
def test_answers_are_sent_to_this_machine_or_where_the_server_was_told(address: str, good: bool) -> None:
    assert is_allowed(address, ("https://voix.example/", "nonsense")) is good


def page(agora: Agora, path: str, language: str = "fr", **headers: str) -> tuple[Reply, HTMLParser]:
    sent = {"host": "agora.example.localhost:8011", "accept-language": WAYS[language], **headers}
    answer = reply(Site(agora, now=lambda: NOW), Request("GET", path, sent))
    return answer, HTMLParser(answer.body.decode())


def posted(agora: Agora, **facts: str) -> tuple[Account, Post]:
    account = account_of(agora)
    return account, agora.publish(account, NewPost(**facts), T - 7200)[0]


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/@ana.belkadi", 200),
        ("/@ANA.BELKADI/", 200),
        ("/@nobody", 404),
        ("/@ana.belkadi/none", 404),
        ("/compose?text=Bonjour", 200),
        (asked(), 200),
        (asked(client_id="other"), 400),
        (asked(redirect_uri="https://evil.example/"), 400),
    ],
)
def test_pages_speak_the_language_of_the_browser(language: str, path: str, status: int) -> None:
    answer, found = page(Agora(), path, language)

    html = found.css_first("html").attributes
    assert answer.status == status
    assert (html["lang"], html["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert len(found.css("h1")) == 1
    assert "{" not in found.css_first("body").text()


def test_language_is_the_one_preferred_among_ours() -> None:
    headers = ("", "de", "de,ar;q=0.4,fr;q=0.8", "fr;q=0,en;q=0.1", "ar;q=x,fr-CA", "ar")

    assert [words.asked_language(header) for header in headers] == ["en", "en", "fr", "en", "fr", "ar"]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_words_keep_the_typography_of_their_language(language: words.Language) -> None:
    for sentence in vars(words.WORDS[language]).values():
        assert "!" not in sentence
        if language == "fr":
            assert not any(f" {mark}" in sentence for mark in ":;?")
            assert "'" not in sentence
        else:
            assert not set(",;?") & set(sentence)


def test_hostile_texts_are_only_texts() -> None:
    agora = Agora()
    agora.open_account(f"{HOSTILE} x")
    account, post = posted(agora, text=HOSTILE, link="https://a.example/?\"'<b>", title=HOSTILE, alt=HOSTILE)

    for path in (
        "/",
        f"/@{account.handle}/{post.id}",
        f"/compose?text={quote(HOSTILE)}",
        asked(state=HOSTILE),
        f"/@{quote(HOSTILE)}",
    ):
        answer, found = page(agora, path)
        assert found.css("script, [onerror], b, style, [style]") == []
        assert b"<script" not in answer.body
        assert {image.attributes["src"] for image in found.css("img")} == {"/agora.svg"}
    assert page(agora, "/")[1].css_first(".text").text() == HOSTILE
    assert page(agora, f"/compose?text={quote(HOSTILE)}")[1].css_first("textarea").text() == HOSTILE


def test_a_post_shows_its_card_its_moment_and_its_figures() -> None:
    agora = Agora()
    picture = agora.add_picture(PNG, "image/png")
    text = "Voyez https://autre.example/a?b=1&c=2. Merci"
    facts = {"link": LINK, "title": "Une usine", "picture": picture.id, "alt": "Une usine au soleil"}
    account, post = posted(agora, text=text, language="fr", **facts)

    _answer, found = page(agora, f"/@{account.handle}/{post.id}")

    card = found.css_first(".card")
    assert card.attributes["href"] == LINK
    assert card.css_first("img").attributes["src"] == f"/pictures/{picture.id}"
    assert card.css_first("img").attributes["alt"] == "Une usine au soleil"
    assert [card.css_first(".title").text(), card.css_first("bdi").text()] == [
        "Une usine",
        "go.atlas.example",
    ]
    assert found.css_first(".text a").attributes["href"] == "https://autre.example/a?b=1&c=2"
    assert found.css_first(".text").text() == text
    assert found.css_first("time").text() == "il y a 2 heures"
    views = figures(post.id, 7200).views
    assert found.css_first("dl div").text() == f"Vues{views}"


def test_every_answer_keeps_to_a_strict_policy(town: Town) -> None:
    strict = (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )

    for path in ("/", "/compose", "/agora.css", "/agora.svg", "/nowhere", "/api/me"):
        _status, headers, _body = town.ask(path)
        assert headers["Content-Security-Policy"] == strict
        assert headers["X-Content-Type-Options"] == "nosniff"
    # Browsers apply form-action to where the form's answer leads, too.
    _status, headers, _body = town.ask(asked())
    assert headers["Content-Security-Policy"] == strict.replace(
        "form-action 'self'", "form-action 'self' http://127.0.0.1:8000"
    )


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "me everything"}, "invalid_scope"),
    ],
)
def test_a_faulty_request_is_told_to_whoever_made_it(changed: dict[str, str], error: str) -> None:
    answer, _ = page(Agora(), asked(**changed))

    assert (answer.status, dict(answer.headers)["Location"]) == (303, f"{BACK}?error={error}&state=s")


def test_a_person_who_chose_nothing_is_asked_again_and_keeps_what_they_typed(town: Town) -> None:
    status, _headers, body = town.consent(asked(), answer="accept")
    assert (status, "account-problem" in body) == (422, True)

    status, _headers, body = town.consent(asked(), answer="accept", account="new", name=" \u202e")
    found = HTMLParser(body)
    assert (status, found.css_first("#name").attributes["aria-invalid"]) == (422, "true")
    assert "checked" in found.css_first("#account-new").attributes


def test_a_text_is_posted_from_the_window_once_and_the_account_remembered(town: Town) -> None:
    _status, _headers, body = town.ask(f"/compose?text={quote(f'Bonjour {LINK}')}")
    found = HTMLParser(body)
    key = found.css_first("[name=key]").attributes["value"] or ""
    form = {"key": key, "text": f"Bonjour\r\n{LINK}", "account": account_of(town.agora).id}

    answers = [town.ask("/compose", form) for _ in range(2)]

    (ana, post) = town.agora.latest()[0]
    assert len(town.agora.latest()) == 1
    assert post.text == f"Bonjour\n{LINK}"
    assert [(status, headers["Location"]) for status, headers, _ in answers] == [
        (303, f"/@{ana.handle}/{post.id}")
    ] * 2
    _status, _headers, again = town.ask("/compose", Cookie=answers[0][1]["Set-Cookie"].partition(";")[0])
    assert "checked" in HTMLParser(again).css_first(f"#account-{ana.id}").attributes
    assert town.agora.posts_of(ana, LINK) == [post]


@pytest.mark.parametrize("text", [" ", "é" * 601])
def test_the_window_says_what_is_wrong_and_opens_no_account_for_it(town: Town, text: str) -> None:
    before = town.agora.offered_accounts()

    status, _headers, body = town.ask("/compose", {"text": text, "account": "new", "name": "Zoé"})

    found = HTMLParser(body)
    assert (status, found.css_first("#text-problem") is not None) == (422, True)
    assert found.css_first("textarea").text().strip() == text.strip()
    assert found.css_first("#name").attributes["value"] == "Zoé"
    assert town.agora.offered_accounts() == before


def test_forms_of_other_sites_and_names_of_others_are_refused(town: Town) -> None:
    form = {"text": "Bonjour", "account": account_of(town.agora).id}

    foreign = [town.ask("/compose", form, Origin=origin)[0] for origin in ("https://evil.example", "null")]
    own = town.ask("/compose", form, Origin=f"http://agora.example.localhost:{town.port}")[0]
    rebound = town.ask("/", Host="evil.example")[0]

    assert (foreign, own, rebound) == ([403, 403], 303, 421)


def test_head_is_answered_without_a_body(town: Town) -> None:
    line = http.client.HTTPConnection("127.0.0.1", town.port, timeout=5)
    line.request("HEAD", "/")

    answer = line.getresponse()

    assert (answer.status, answer.read()) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 500
    line.close()


def test_pictures_are_served_as_what_they_are(town: Town) -> None:
    picture = town.agora.add_picture(PNG, "image/png")
    assert town.agora.add_picture(PNG, "image/png") == picture

    with urllib.request.urlopen(f"http://127.0.0.1:{town.port}/pictures/{picture.id}", timeout=5) as answer:
        assert (answer.headers["Content-Type"], answer.read()) == ("image/png", PNG)
    for content, media_type in ((b"<svg/>", "image/svg+xml"), (b"<html>", "image/png"), (PNG, "text/html")):
        with pytest.raises(NotTaken):
            town.agora.add_picture(content, media_type)


@pytest.mark.parametrize(("length", "status"), [("9000000", 413), ("x", 411), (None, 411)])
def test_a_body_too_big_or_of_no_known_length_is_not_read(
    town: Town, length: str | None, status: int
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", town.port, timeout=5)
    line.putrequest("POST", "/api/pictures")
    if length:
        line.putheader("Content-Length", length)
    line.endheaders()

    answer = line.getresponse()

    assert (answer.status, answer.headers["Connection"]) == (status, "close")
    line.close()
