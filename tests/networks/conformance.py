"""What every network must keep, whatever it is: one function per promise, run against each of them."""

from urllib.parse import parse_qsl, unquote, urlsplit

from portevoix.networks.contract import Composer, Draft, Unit

URL = "https://go.acme.example/r/Ab3dE"
AWKWARD = '50 % & plus : d\'où ? #été «\u202fchère équipe\u202f» 👨‍👩‍👧‍👦\r\nمرحباً = 100+1;/\\"<b>"?'
DISCLOSURE = "Je travaille chez Acme"


def draft(**facts: str) -> Draft:
    return Draft(**{"text": AWKWARD, "url": URL, "title": "Titre & suite", "disclosure": DISCLOSURE, **facts})


def is_described(composer: Composer) -> None:
    network = composer.network
    assert network.key == network.key.lower().strip() != ""
    assert network.label.strip() != ""
    assert urlsplit(network.doc_url).scheme == "https"
    assert set(network.fields) <= set(Draft.__dataclass_fields__)
    assert isinstance(network.limits.unit, Unit)


def composes_a_clean_address(composer: Composer) -> None:
    address = composer.compose_url(draft())

    assert address.isascii()
    assert not set(address) & set(" \"<>\\^`{|}\r\n+'")
    assert urlsplit(address).scheme in {"https", "mailto"}


def carries_the_link_once(composer: Composer) -> None:
    address = composer.compose_url(draft())

    assert unquote(address).count(URL) == 1


def does_not_repeat_a_link_already_written(composer: Composer) -> None:
    post = composer.posted_text(draft(text=f"Lisez {URL} ce soir"))

    if composer.network.key != "telegram":  # which sets the link on top whatever the words say
        assert post.count(URL) == 1


def carries_the_words_unchanged(composer: Composer) -> None:
    parts = urlsplit(composer.compose_url(draft()))
    values = [value for _name, value in parse_qsl(parts.query)] + [unquote(parts.fragment)]
    carried = "\n".join(values).replace("\r\n", "\n")

    assert (AWKWARD.replace("\r\n", "\n") in carried) == composer.network.abilities.text


def puts_the_disclosure_first_and_once(composer: Composer) -> None:
    once = composer.posted_text(draft(text="Bonjour"))
    again = composer.posted_text(draft(text=f"{DISCLOSURE}\nBonjour"))

    assert once.replace(f"{URL}\n", "").startswith(f"{DISCLOSURE}\nBonjour")
    assert again == once


def counts_what_it_posts(composer: Composer) -> None:
    whole = draft(text="Bonjour مرحبا 👾")
    difference = composer.length(whole) - composer.count(composer.posted_text(whole))

    assert difference == 0


def counts_nothing_as_nothing(composer: Composer) -> None:
    assert composer.count("") == 0
    assert composer.link_length("") == 0


def counts_a_line_break_once(composer: Composer) -> None:
    assert composer.count("a\r\nb") == composer.count("a\nb") == 3


def accepts_a_post_of_exactly_the_limit(composer: Composer) -> None:
    limit = composer.network.limits.max_length
    if limit is None:
        return
    room = limit - composer.link_length(URL)

    blocking = [problem.code for problem in composer.problems(Draft("a" * room, URL)) if problem.blocking]

    assert blocking == []


def refuses_one_character_more(composer: Composer) -> None:
    limit = composer.network.limits.max_length
    if limit is None:
        return
    room = limit - composer.link_length(URL)

    problem = composer.problems(Draft("a" * (room + 1), URL))[0]

    assert problem.code == "too_long"
    assert problem.blocking
    assert problem.facts == {"length": limit + 1, "limit": limit, "excess": 1}


def opens_a_window_that_travels(composer: Composer) -> None:
    endless = draft(text="مرحبا " * 20_000)

    address = composer.compose_url(endless)

    assert len(address) <= composer.network.limits.max_address
    if composer.network.abilities.text:
        assert "address_too_long" in [problem.code for problem in composer.problems(endless)]


def says_when_there_is_nothing_to_say(composer: Composer) -> None:
    assert "nothing_to_say" in [problem.code for problem in composer.problems(Draft(" \r\n "))]


def survives_a_broken_character(composer: Composer) -> None:
    broken = draft(text="\ud83d coupé")

    assert composer.compose_url(broken).isascii()
    assert composer.length(broken) > 0
    assert isinstance(composer.problems(broken), tuple)


PROMISES = (
    is_described,
    composes_a_clean_address,
    carries_the_link_once,
    does_not_repeat_a_link_already_written,
    carries_the_words_unchanged,
    puts_the_disclosure_first_and_once,
    counts_what_it_posts,
    counts_nothing_as_nothing,
    counts_a_line_break_once,
    accepts_a_post_of_exactly_the_limit,
    refuses_one_character_more,
    opens_a_window_that_travels,
    says_when_there_is_nothing_to_say,
    survives_a_broken_character,
)
