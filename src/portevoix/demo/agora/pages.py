"""Agora's pages: the square, a person, a post, the two forms, the refusals. Everything that people wrote is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from portevoix.demo.agora import cards
from portevoix.demo.agora.network import MAX_LENGTH, MAX_NAME
from portevoix.demo.agora.records import Account, Post
from portevoix.demo.agora.words import WORDS, Language, Words

NEW = "new"  # the choice of a name that has no account yet


@dataclass(frozen=True)
class Reader:
    """Who looks: their language, and when."""

    language: Language
    now: float

    @property
    def words(self) -> Words:
        return WORDS[self.language]


@dataclass(frozen=True)
class Choice:
    """The accounts to choose from, what was chosen or typed so far, and what is wrong with either."""

    accounts: Sequence[Account]
    chosen: str = ""
    typed: str = ""
    problem: str = ""
    name_problem: str = ""


@dataclass(frozen=True)
class Wanted:
    """An application's request as its page tells it; `fields` come back with the form."""

    application: str
    back_to: str
    scopes: tuple[str, ...]
    fields: Mapping[str, str]


def square(reader: Reader, posts: Iterable[tuple[Account, Post]]) -> str:
    """Everybody's latest posts."""
    words = reader.words
    rows = [cards.post(account, post, reader.language, reader.now) for account, post in posts]
    body = "".join(rows) or _nothing(words.nothing_yet)
    heading = f'<div class="head"><h1>{words.latest}</h1><p class="soft">{words.tagline}</p></div>'
    return _page(reader, words.latest, heading + body)


def person(reader: Reader, account: Account, posts: Iterable[Post]) -> str:
    """One person's posts."""
    rows = [cards.post(account, post, reader.language, reader.now) for post in posts]
    heading = (
        f'<div class="head who">{cards.portrait(account, large=True)}<div><h1><bdi>{escape(account.name)}</bdi></h1>'
        f'<p class="soft"><bdi>@{escape(account.handle)}</bdi></p></div></div>'
    )
    return _page(reader, account.name, heading + ("".join(rows) or _nothing(reader.words.nobody_yet)))


def one_post(reader: Reader, account: Account, post: Post) -> str:
    """A post by itself."""
    title = reader.words.post_by.format(name=account.name)
    heading = f'<h1 class="unseen">{_filled(reader.words.post_by, name=account.name)}</h1>'
    whole = cards.post(account, post, reader.language, reader.now)
    return _page(reader, title, f"{heading}{_way_back(reader)}{whole}")


def missing(reader: Reader) -> str:
    """What Agora says of an address it does not have."""
    return refusal(reader, reader.words.missing, reader.words.missing_why)


def refusal(reader: Reader, title: str, why: str, then: str = "") -> str:
    """A request that leads nowhere, why, and what to do."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in (why, then) if line)
    return _page(reader, title, f'<div class="head"><h1>{escape(title)}</h1>{lines}</div>{_way_back(reader)}')


def consent(reader: Reader, wanted: Wanted, choice: Choice) -> str:
    """The page on which a person says yes or no to an application."""
    words = reader.words
    sentences = {"me": words.scope_me, "posts": words.scope_posts}
    scopes = "".join(f"<li>{sentences[scope]}</li>" for scope in wanted.scopes)
    hidden = "".join(_hidden(name, value) for name, value in wanted.fields.items())
    app = wanted.application
    main = (
        f'<form method="post" action="/oauth/authorize" class="sheet">{hidden}'
        f"<h1>{_filled(words.wants, app=app)}</h1>"
        f'<p>{_filled(words.if_accepted, app=app)}</p><ul class="scopes">{scopes}</ul>'
        f"{_choice(words, choice)}"
        '<div class="buttons">'
        f'<button class="button" id="accept" name="answer" value="accept">{words.accept}</button>'
        f'<button class="button quiet" id="refuse" name="answer" value="refuse">{words.refuse}</button></div>'
        f'<p class="small soft">{_filled(words.then_back, host=wanted.back_to)} '
        f"{_filled(words.can_end, app=app)}</p></form>"
    )
    return _page(reader, words.wants.format(app=app), main, alone=True)


def window(reader: Reader, text: str, key: str, choice: Choice, problem: str = "") -> str:
    """The window in which a person writes, or looks over what was written for them."""
    words = reader.words
    invalid = ' aria-invalid="true"' if problem else ""
    described = "text-hint text-problem" if problem else "text-hint"
    # A parser drops the first line break after <textarea>: ours is there to be dropped.
    main = (
        f'<form method="post" action="/compose" class="sheet">{_hidden("key", key)}<h1>{words.new_post}</h1>'
        f'<label for="text" class="label">{words.your_text}</label>'
        f'<textarea id="text" name="text" rows="8" dir="auto" aria-describedby="{described}"{invalid}>\n'
        f"{escape(text)}</textarea>"
        f"{_problem('text-problem', problem)}"
        f'<p class="small soft" id="text-hint">{words.at_most.format(limit=MAX_LENGTH)}</p>'
        f"{_choice(words, choice)}"
        f'<div class="buttons"><button class="button" id="publish">{words.publish}</button></div></form>'
    )
    return _page(reader, words.new_post, main, alone=True)


def _choice(words: Words, choice: Choice) -> str:
    rows = "".join(
        _option(one.id, choice.chosen, cards.portrait(one), one.name, f"@{one.handle}")
        for one in choice.accounts
    )
    plus = '<span class="portrait plus" aria-hidden="true">+</span>'
    alert = _problem("account-problem", choice.problem)
    described = ' aria-describedby="account-problem"' if choice.problem else ""
    return (
        f'<fieldset class="accounts"{described}><legend class="label">{words.which_account}</legend>{alert}{rows}'
        f"{_option(NEW, choice.chosen, plus, words.another_name)}{_naming(words, choice)}</fieldset>"
    )


def _naming(words: Words, choice: Choice) -> str:
    described = "name-hint name-problem" if choice.name_problem else "name-hint"
    # The field may be far down a phone: the focus brings it into sight.
    invalid = ' aria-invalid="true" autofocus' if choice.name_problem else ""
    return (
        f'<div class="naming"><label for="name" class="label">{words.your_name}</label>'
        f'<input id="name" name="name" dir="auto" maxlength="{MAX_NAME}" autocomplete="name" '
        f'aria-describedby="{described}" value="{escape(choice.typed)}"{invalid}>'
        f"{_problem('name-problem', choice.name_problem)}"
        f'<p class="small soft" id="name-hint">{words.name_is_enough}</p></div>'
    )


def _problem(identifier: str, sentence: str) -> str:
    return f'<p class="problem" id="{identifier}" role="alert">{escape(sentence)}</p>' if sentence else ""


def _option(value: str, chosen: str, portrait: str, name: str, handle: str = "") -> str:
    checked = " checked" if value == chosen else ""
    under = f'<span class="small soft"><bdi>{escape(handle)}</bdi></span>' if handle else ""
    return (
        f'<label class="option"><input type="radio" name="account" id="account-{escape(value)}" '
        f'value="{escape(value)}"{checked}>{portrait}'
        f'<span class="named"><bdi>{escape(name)}</bdi>{under}</span></label>'
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _nothing(sentence: str) -> str:
    return f'<p class="nothing">{sentence}</p>'


def _way_back(reader: Reader) -> str:
    return f'<p class="back"><a href="/">{reader.words.back}</a></p>'


def _filled(sentence: str, **holes: str) -> str:
    """A sentence of ours with what is not ours in it: escaped, and unable to turn the words around it."""
    return sentence.format(**{name: f"<bdi>{escape(value)}</bdi>" for name, value in holes.items()})


def _page(reader: Reader, title: str, main: str, *, alone: bool = False) -> str:
    words, language = reader.words, reader.language
    write = "" if alone else f'<a class="button small-button" href="/compose">{words.write}</a>'
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="robots" content="noindex">\n'
        f'<title>{escape(title)} · Agora</title>\n<link rel="stylesheet" href="/agora.css">\n'
        '<link rel="icon" href="/agora.svg" type="image/svg+xml">\n</head>\n<body>\n'
        '<header><div><a class="mark" href="/"><img src="/agora.svg" alt="" width="28" height="28">Agora</a>'
        f"{write}</div></header>\n<main>{main}</main>\n<footer><p>{words.footer}</p></footer>\n</body>\n</html>\n"
    )
