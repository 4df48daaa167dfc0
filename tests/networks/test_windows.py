"""The address of each window, to the character."""

import pytest

from portevoix.networks import registry
from portevoix.networks.contract import Draft
from portevoix.networks.linkedin.composer import LinkedIn

URL = "https://go.acme.example/r/Ab3dE"
LINK = "https%3A%2F%2Fgo.acme.example%2Fr%2FAb3dE"
# "Thé & café\nمرحبا 👋" with a space, an ampersand, an accent, a line break, Arabic and an emoji.
TEXT = "Thé & café\nمرحبا 👋"
WORDS = "Th%C3%A9%20%26%20caf%C3%A9%0A%D9%85%D8%B1%D8%AD%D8%A8%D8%A7%20%F0%9F%91%8B"
MAIL_WORDS = WORDS.replace("%0A", "%0D%0A")

WINDOWS = {
    "linkedin": f"https://www.linkedin.com/feed/?shareActive=true&text={WORDS}%0A%0A{LINK}",
    "x": f"https://x.com/intent/tweet?text={WORDS}&url={LINK}",
    "facebook": f"https://www.facebook.com/sharer/sharer.php?u={LINK}",
    "whatsapp": f"https://wa.me/?text={WORDS}%0A%0A{LINK}",
    "telegram": f"https://t.me/share/url?url={LINK}&text={WORDS}",
    "threads": f"https://www.threads.net/intent/post?text={WORDS}&url={LINK}",
    "bluesky": f"https://bsky.app/intent/compose?text={WORDS}%0A%0A{LINK}",
    "mastodon": f"https://mastodon.example/share?text={WORDS}%0A%0A{LINK}",
    "xing": f"https://www.xing.com/spi/shares/new?url={LINK}",
    "email": f"mailto:?subject=Un%20titre&body={MAIL_WORDS}%0D%0A%0D%0A{LINK}",
}


@pytest.mark.parametrize("key", [composer.network.key for composer in registry.all_networks()])
def test_window_is_exact(key: str) -> None:
    draft = Draft(TEXT, URL, language="fr", title="Un titre", instance="mastodon.example")

    assert registry.get(key).compose_url(draft) == WINDOWS[key]


def test_window_encodes_what_a_form_sends_as_one_line_break() -> None:
    draft = Draft(TEXT.replace("\n", "\r\n"), URL)

    assert registry.get("whatsapp").compose_url(draft) == WINDOWS["whatsapp"]


def test_linkedin_has_a_documented_window_for_the_link_alone() -> None:
    address = LinkedIn().link_only_url(Draft(TEXT, URL))

    assert address == f"https://www.linkedin.com/sharing/share-offsite/?url={LINK}"


def test_linkedin_text_is_plain_in_its_window() -> None:
    address = registry.get("linkedin").compose_url(Draft("(oui) #un", ""))

    assert address == "https://www.linkedin.com/feed/?shareActive=true&text=%28oui%29%20%23un"


def test_linkedin_opens_empty_when_the_text_cannot_travel() -> None:
    draft = Draft("م" * 2_000, URL)

    assert registry.get("linkedin").compose_url(draft) == "https://www.linkedin.com/feed/?shareActive=true"


@pytest.mark.parametrize("instance", ["", "pas un serveur", "localhost", "10.0.0.1", "mastodon.example:8443"])
def test_mastodon_asks_for_the_server_when_it_is_not_understood(instance: str) -> None:
    draft = Draft(TEXT, URL, instance=instance)

    address = registry.get("mastodon").compose_url(draft)

    assert address == f"https://share.joinmastodon.org/#text={WORDS}%0A%0A{LINK}"


def test_mastodon_says_that_a_server_is_not_understood_and_opens_all_the_same() -> None:
    problems = registry.get("mastodon").problems(Draft(TEXT, URL, instance="localhost"))

    assert [(problem.code, problem.blocking) for problem in problems] == [("instance_not_understood", False)]


def test_facebook_refuses_a_draft_without_a_link() -> None:
    problems = registry.get("facebook").problems(Draft("Bonjour"))

    assert [problem.code for problem in problems] == ["link_missing"]


def test_facebook_text_to_paste_holds_no_link() -> None:
    assert registry.get("facebook").posted_text(Draft("Bonjour", URL)) == "Bonjour"


def test_telegram_takes_words_without_a_link() -> None:
    assert registry.get("telegram").compose_url(Draft("Bonjour")) == "https://t.me/share/url?url=Bonjour"


def test_x_leaves_out_a_link_that_the_words_hold() -> None:
    address = registry.get("x").compose_url(Draft(f"Ici {URL}", URL))

    assert address == f"https://x.com/intent/tweet?text=Ici%20{LINK}"


def test_threads_refuses_a_sixth_link() -> None:
    text = " ".join(f"https://example.org/{number}" for number in range(5))

    problems = registry.get("threads").problems(Draft(text, URL))

    assert [problem.code for problem in problems] == ["too_many_links"]


def test_bluesky_bounds_bytes_as_well() -> None:
    families = "👨‍👩‍👧‍👦" * 150

    problems = registry.get("bluesky").problems(Draft(families))

    assert [problem.code for problem in problems] == ["too_many_bytes", "address_too_long"]
    assert problems[0].facts == {"length": 3_750, "limit": 3_000, "excess": 750}
