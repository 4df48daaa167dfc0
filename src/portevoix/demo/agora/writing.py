"""The window of assisted sharing: what an application wrote for a person, who looks it over and posts it."""

import secrets

from portevoix.demo.agora import pages
from portevoix.demo.agora.api import address_of
from portevoix.demo.agora.exchange import Reply, Request, html, see_other
from portevoix.demo.agora.network import MAX_LENGTH, MAX_POINTS, Agora, length_of
from portevoix.demo.agora.pages import Choice, Reader
from portevoix.demo.agora.records import NewPost
from portevoix.demo.agora.sign_in import choice_of, chosen_account, remember


def show(agora: Agora, request: Request, reader: Reader) -> Reply:
    """The window with the text of its address."""
    text = request.query.get("text", "")
    return html(pages.window(reader, text, secrets.token_urlsafe(12), choice_of(agora, request)))


def post(agora: Agora, request: Request, reader: Reader) -> Reply:
    """Posts what was written, once however often the form is sent; or the window again, with what is wrong."""
    form = request.form
    text, key = form.get("text", "").replace("\r\n", "\n"), form.get("key", "")
    problem = _problem(text, reader)
    if problem:  # before an account is opened for it
        choice = Choice(agora.offered_accounts(), form.get("account", ""), form.get("name", ""))
        return html(pages.window(reader, text, key, choice, problem), 422)
    account = chosen_account(agora, form, reader.words)
    if isinstance(account, Choice):
        return html(pages.window(reader, text, key, account), 422)
    found, _is_new = agora.publish(account, NewPost(text=text, key=key), reader.now)
    return see_other(address_of(account, found), remember(account))


def _problem(text: str, reader: Reader) -> str:
    count = length_of(text)
    if not count:
        return reader.words.nothing_to_say
    if count > MAX_LENGTH or len(text) > MAX_POINTS:
        return reader.words.too_long.format(count=count, limit=MAX_LENGTH)
    return ""
