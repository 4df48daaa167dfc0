"""Agora, the invented network: what it does, its file, its place in the demo."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agora_town import BACK, HOSTILE, PNG, VERIFIER, T, Town, account_of
from portevoix import serving
from portevoix.demo import command
from portevoix.demo.agora.figures import figures
from portevoix.demo.agora.grants import BadGrant, BadToken, Consent, ScopeMissing, Tokens
from portevoix.demo.agora.network import Agora, NotTaken, clean_name, handle_of
from portevoix.demo.agora.records import NewPost
from portevoix.networks.oauth import challenge_of


def code_of(agora: Agora, *scopes: str) -> str:
    return agora.consent(
        Consent(account_of(agora).id, BACK, challenge_of(VERIFIER), scopes or ("me", "posts")), T
    )


def tokens_of(agora: Agora) -> Tokens:
    return agora.redeem(code_of(agora), BACK, VERIFIER, T)


def is_good(agora: Agora, access: str, now: float = T) -> bool:
    try:
        return agora.speaker(access, "me", now).handle == "ana.belkadi"
    except BadToken:
        return False


def test_a_code_gives_tokens_that_speak_for_the_person_for_an_hour() -> None:
    agora = Agora()

    tokens = tokens_of(agora)

    assert is_good(agora, tokens.access, T + 3599)
    assert not is_good(agora, tokens.access, T + 3601)
    assert not is_good(agora, tokens.refresh)


def test_a_code_shown_twice_ends_what_it_gave() -> None:
    agora = Agora()
    code = code_of(agora)
    tokens = agora.redeem(code, BACK, VERIFIER, T)

    with pytest.raises(BadGrant):
        agora.redeem(code, BACK, VERIFIER, T)

    assert not is_good(agora, tokens.access)


@pytest.mark.parametrize(
    ("redirect_uri", "verifier", "seconds"),
    [(f"{BACK}/", VERIFIER, 0), (BACK, "w" * 43, 0), (BACK, "", 0), (BACK, VERIFIER, 61)],
)
def test_a_code_is_bound_to_its_address_its_verifier_and_its_minute(
    redirect_uri: str, verifier: str, seconds: int
) -> None:
    agora = Agora()
    code = code_of(agora)

    with pytest.raises(BadGrant):
        agora.redeem(code, redirect_uri, verifier, T + seconds)
    with pytest.raises(BadGrant):  # a wrong try spends it
        agora.redeem(code, BACK, VERIFIER, T)


def test_refresh_tokens_turn_and_one_used_twice_ends_the_family() -> None:
    agora = Agora()
    first, other = tokens_of(agora), tokens_of(agora)
    second = agora.refresh(first.refresh, T + 10)
    assert is_good(agora, second.access, T + 10)

    with pytest.raises(BadGrant):
        agora.refresh(first.refresh, T + 20)

    assert not is_good(agora, second.access, T + 20)
    with pytest.raises(BadGrant):
        agora.refresh(second.refresh, T + 20)
    assert is_good(agora, other.access)


@pytest.mark.parametrize("which", ["access", "refresh"])
def test_either_token_revoked_ends_both(which: str) -> None:
    agora = Agora()
    tokens = tokens_of(agora)

    agora.revoke(getattr(tokens, which))

    assert not is_good(agora, tokens.access)
    with pytest.raises(BadGrant):
        agora.refresh(tokens.refresh, T)


def test_a_token_allows_what_was_asked_for_and_no_more() -> None:
    agora = Agora()
    tokens = agora.redeem(code_of(agora, "me"), BACK, VERIFIER, T)

    with pytest.raises(ScopeMissing):
        agora.speaker(tokens.access, "posts", T)


def test_the_same_key_of_the_same_account_is_one_post() -> None:
    agora = Agora()
    ana, ines = account_of(agora), account_of(agora, "ines.morvan")

    first, is_new = agora.publish(ana, NewPost(text="Un", key="k"), T)
    again, is_new_again = agora.publish(ana, NewPost(text="Deux", key="k"), T + 5)
    hers, _ = agora.publish(ines, NewPost(text="Un", key="k"), T)

    assert (is_new, is_new_again, again) == (True, False, first)
    assert hers.id != first.id


def test_where_keys_are_not_honoured_the_same_key_is_two_posts() -> None:
    agora = Agora(honours_keys=False)
    ana = account_of(agora)

    ids = {agora.publish(ana, NewPost(text="Un", key="k"), T)[0].id for _ in range(2)}

    assert len(ids) == 2


@pytest.mark.parametrize(
    ("post", "code"),
    [
        (NewPost(text="👩‍👩‍👧" * 601), "too_long"),
        (NewPost(text="e" + "\u0301" * 10_000), "too_long"),
        (NewPost(text=" \n"), "nothing_to_say"),
        (NewPost(text="a", link="javascript:alert(1)"), "bad_link"),
        (NewPost(text="a", link="https://me@evil.example/"), "bad_link"),
        (NewPost(text="a", picture="none"), "no_such_picture"),
    ],
)
def test_what_cannot_be_posted_is_refused_by_name(post: NewPost, code: str) -> None:
    agora = Agora()

    with pytest.raises(NotTaken) as refused:
        agora.publish(account_of(agora), post, T)

    assert (refused.value.code, agora.latest()) == (code, [])


def test_six_hundred_characters_are_counted_as_a_reader_does() -> None:
    agora = Agora()

    post, _ = agora.publish(account_of(agora), NewPost(text="👩‍👩‍👧" * 600), T)

    assert agora.post(post.id) == post


def test_figures_grow_by_themselves_and_are_modest() -> None:
    day = 24 * 3600
    posts = [f"post-{number}" for number in range(40)]

    for one in posts:
        path = [figures(one, age) for age in (-5, 0, 600, 3600, day, 3 * day, 4 * day, 90 * day)]
        assert [p.views for p in path] == sorted(p.views for p in path)
        assert path[0].views == path[1].views == 0
        assert 24 <= path[4].views <= 84
        assert path[6] == path[7] == figures(one, 4 * day)
        assert all(p.likes + p.reposts + p.replies <= p.views for p in path)
    assert len({figures(one, day) for one in posts}) > 20


def test_a_file_keeps_everything_but_pending_codes(tmp_path: Path) -> None:
    file = tmp_path / "agora.json"
    agora = Agora(file=file)
    mine = agora.open_account("هند السلامي")
    picture = agora.add_picture(PNG, "image/png")
    post, _ = agora.publish(mine, NewPost(text=f"{HOSTILE}\ud83d", key="k", picture=picture.id), T)
    tokens = tokens_of(agora)

    again = Agora(file=file)

    assert again.account(mine.id) == mine
    assert again.offered_accounts() == agora.offered_accounts()
    assert (again.post(post.id), again.picture(picture.id)) == (post, picture)
    assert again.publish(mine, NewPost(text="x", key="k"), T) == (post, False)
    assert is_good(again, tokens.access)
    assert tokens.access not in file.read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["agora.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"accounts": 3}', '{"accounts": [{"a": 1}]}'])
def test_an_unreadable_file_starts_empty_with_the_same_people(tmp_path: Path, content: str) -> None:
    file = tmp_path / "agora.json"
    file.write_text(content)

    agora = Agora(file=file)

    assert agora.latest() == []
    assert agora.offered_accounts() == Agora().offered_accounts()


def test_a_post_taken_off_is_gone_and_only_its_author_can() -> None:
    agora = Agora()
    ana = account_of(agora)
    post, _ = agora.publish(ana, NewPost(text="Un", key="k"), T)

    assert not agora.delete(account_of(agora, "ines.morvan"), post.id)
    assert agora.delete(ana, post.id)
    assert not agora.delete(ana, post.id)
    assert agora.posts_of(ana) == []


def test_names_give_handles_of_their_own() -> None:
    agora = Agora(names=())

    handles = [agora.open_account(name).handle for name in ("Loïc d’Été", "loic d'ete", "هند السلامي")]

    assert handles == ["loic.d.ete", "loic.d.ete2", "هند.السلامي"]
    assert clean_name(" A\u202e\n\tb\x00 ") == "A b"
    assert handle_of("!?") == ""
    with pytest.raises(NotTaken):
        agora.open_account("\u202e !")


def test_many_at_once_make_one_post_each() -> None:
    from concurrent.futures import ThreadPoolExecutor

    agora = Agora()
    ana = account_of(agora)
    with ThreadPoolExecutor(8) as pool:
        keys = [f"k{number % 20}" for number in range(200)]
        found = list(pool.map(lambda key: agora.publish(ana, NewPost(text=key, key=key), time.time()), keys))

    assert len({post.id for post, _ in found}) == len(agora.posts_of(ana)) == 20
    assert sum(is_new for _, is_new in found) == 20


@pytest.fixture
def town() -> Iterator[Town]:
    with Town.served() as town:
        yield town


def test_a_demo_from_before_agora_is_still_one(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "demo.json").write_text(f'{{"newsroom_port": {port}}}')

    kept = command.read_marker(tmp_path)
    chosen = command.chosen_ports(kept)

    assert kept == command.Marker(port, 0)
    assert chosen.newsroom_port == port
    assert chosen.agora_port > 0


def test_the_ports_of_the_last_time_are_kept_or_said_to_be_taken(town: Town) -> None:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        kept = command.Marker(one.getsockname()[1], other.getsockname()[1])

    assert command.chosen_ports(kept) == kept
    with pytest.raises(serving.CannotServe):
        command.chosen_ports(command.Marker(kept.newsroom_port, town.port))


def test_a_fresh_demo_forgets_the_posts(tmp_path: Path) -> None:
    file = tmp_path / command.AGORA_FILE
    Agora(file=file).open_account("Zoé")

    command.forget(tmp_path)

    assert not file.exists()
