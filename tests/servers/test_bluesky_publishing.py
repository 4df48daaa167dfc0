"""Publishing at Bluesky through our own code, asked of Bluesky's own servers: what docs/networks/bluesky.md promises."""

import io
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from PIL import Image

from portevoix.core.http import Door
from portevoix.core.outgoing import Deadline
from portevoix.networks.bluesky import authorization, client, passwords
from portevoix.networks.bluesky.answers import failure_of
from portevoix.networks.bluesky.publisher import BlueskyPublisher
from portevoix.networks.bluesky.server import Server
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.networks.contract import Attachment, Card, Draft
from portevoix.networks.direct import Ask, Finding, Frozen, Grant, Key, Media, Prepared, Published
from portevoix.networks.failures import (
    Absent,
    Disconnected,
    Duplicate,
    OperatorMust,
    OutcomeUnknown,
    Refused,
    SignInAgain,
)
from portevoix.networks.wire import Wire
from servers import bluesky_network
from servers.bluesky_consent import say_no, say_yes
from servers.bluesky_network import Account, Json, Network, create_app_password, done, like, list_posts, write
from servers.swallowing import Line, swallowing

pytestmark = [pytest.mark.servers, pytest.mark.slow]

RECIPE = Path(__file__).parent / "bluesky"
ADDRESS, REDIRECT = "http://127.0.0.1:8000", "http://127.0.0.1:8000/me/accounts/bluesky/callback"
KEYS = client.keys_for_address(ADDRESS, REDIRECT, client.new_signing_key())
URL = "https://go.acme.example/r/Ab3dE"
DRAFT = Draft(
    "Nous recrutons à Casablanca 🎉\r\n#emploi مرحبا : https://exemple.fr/à?b=c.",
    URL,
    language="fr",
    disclosure="Je travaille chez Atlas",
    card=Card("Un titre", "Un résumé", Attachment("cover")),
)
# With which the development server signs sessions: it is written in its own package.
DEVELOPMENT_SECRET = "jwt-secret"
LIKES_SECONDS = 15
SIGN_IN, PUBLISHER = BlueskySignIn(), BlueskyPublisher()
numbers = count(int(time.time()))


def load(code: str) -> Media:
    written = io.BytesIO()
    Image.new("RGB", (600, 315), (20, 80, 120)).save(written, "JPEG")
    return Media(written.getvalue(), "image/jpeg", alt="Une photo", width=600, height=315)


@dataclass(frozen=True)
class Person:
    """Someone on the network, and our way to it; `line`: one that may lose answers."""

    network: Network
    account: Account
    line: Line | None = None

    def wire(self) -> Wire:
        return Wire(self._door().call, Deadline.within(15), time.time())

    def _door(self) -> Door:
        pds = port_of(self.network.pds_url)
        # The server plays the website behind each of its handles.
        played = {"plc.directory": port_of(self.network.plc_url), self.account.handle: pds}
        if self.network.appview_url:
            played["public.api.bsky.app"] = port_of(self.network.appview_url)
        if self.line:
            played["localhost"] = self.line.port
        stand_ins = {host: ("127.0.0.1", port) for host, port in played.items()}
        return Door(allow=frozenset({("localhost", pds)}), stand_ins=stand_ins)

    def ask(self) -> Ask:
        return Ask(KEYS, REDIRECT, f"state{next(numbers)}", f"@{self.account.handle}")

    def by_oauth(self) -> Grant:
        ask = self.ask()
        begun = SIGN_IN.begin(ask, self.wire())
        return SIGN_IN.finish(ask, begun.kept, say_yes(begun.url, self.account), self.wire())

    def by_password(self) -> Grant:
        password = create_app_password(self.network, self.account, f"portevoix{next(numbers)}")
        return SIGN_IN.sign_in_with_password(self.account.handle, password, self.wire())

    def texts(self) -> list[str]:
        return [str(one["value"]["text"]) for one in self.posts()]

    def posts(self) -> list[Json]:
        return list_posts(self.network, self.account.did)


@dataclass(frozen=True)
class Share:
    """A post that somebody approved."""

    person: Person
    grant: Grant
    frozen: Frozen
    prepared: Prepared

    def publish(self, line: Line | None = None) -> Published:
        wire = replace(self.person, line=line).wire()
        return PUBLISHER.publish(self.frozen, self.prepared, self.grant, wire)

    def find(self) -> Published | Finding:
        return PUBLISHER.find(self.frozen, self.prepared, self.grant, self.person.wire())

    def delete(self, published: Published) -> None:
        PUBLISHER.delete(published.post_id, self.frozen, self.grant, self.person.wire())

    def figures(self, published: Published) -> dict[str, int]:
        return dict(PUBLISHER.read_figures(published.post_id, self.grant, self.person.wire()))


def approved(person: Person, grant: Grant, draft: Draft = DRAFT) -> Share:
    """A share of its own, with its pictures uploaded."""
    frozen = PUBLISHER.freeze(draft, Key(f"share{next(numbers)}", time.time()))
    return Share(person, grant, frozen, PUBLISHER.prepare(frozen, grant, load, person.wire()))


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def newcomer(network: Network, name: str) -> Person:
    return Person(network, bluesky_network.create_account(network, f"{name}-{next(numbers)}.test"))


@pytest.fixture
def ana(network: Network) -> Person:
    return newcomer(network, "ana")


@pytest.fixture(params=[Person.by_oauth, Person.by_password], ids=["oauth", "app password"])
def grant(ana: Person, request: pytest.FixtureRequest) -> Grant:
    """Both ways of signing in."""
    sign_in: Callable[[Person], Grant] = request.param
    return sign_in(ana)


@pytest.fixture
def line(network: Network) -> Iterator[Line]:
    with swallowing(port_of(network.pds_url)) as found:
        yield found


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as why:
        act()
    return why.value


# --- signing in --------------------------------------------------------------------------------------------------------
def test_account_is_known_by_either_sign_in(ana: Person, grant: Grant) -> None:
    who = SIGN_IN.who(grant, ana.wire())

    assert (who.account_id, who.handle) == (ana.account.did, f"@{ana.account.handle}")
    assert who.url == f"https://bsky.app/profile/{ana.account.did}"


def test_sign_in_asks_for_posts_and_pictures_and_nothing_else(ana: Person) -> None:
    grant = ana.by_oauth()
    wanted = {"repo": ana.account.did, "collection": bluesky_network.LIKE, "record": {}}

    answer = Server(grant, ana.wire()).do("com.atproto.repo.createRecord", wanted)

    assert grant.scopes == ("atproto", "repo:app.bsky.feed.post", "blob:image/*")
    assert answer.status == 403
    assert isinstance(failure_of(answer, grant), SignInAgain)


def test_installation_with_an_https_address_is_understood_and_believed() -> None:
    """No server can be told to read an address that is not there: its own code is handed what it would read."""
    address = "https://go.example.com"
    redirect_uri, key, now = f"{address}/me/accounts/bluesky/callback", client.new_signing_key(), time.time()
    keys = client.keys_for_address(address, redirect_uri, key)
    issuer = "https://bsky.social"

    found = judged_by_them(
        {
            "id": keys.client_id,
            "metadata": client.client_metadata(address, redirect_uri),
            "jwks": client.public_jwks(key),
            "form": client.authentication(keys.client_id, keys, issuer, now),
            "issuer": issuer,
        }
    )

    assert (found["method"], found["redirect_uris"]) == ("private_key_jwt", [redirect_uri])
    assert authorization.CONFIDENTIAL.idle_days <= found["idle_days"]
    assert authorization.CONFIDENTIAL.days <= found["days"]


def judged_by_them(asked: Json) -> Json:
    """What Bluesky's own code makes of what an installation says of itself."""
    folder = bluesky_network.installed()
    script = (RECIPE / "client.mjs").read_text()
    command = [str(folder / "node"), "--input-type=module", "--eval", script]
    told = subprocess.run(
        command, cwd=folder, input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    found: Json = json.loads(told.stdout)
    return found


def test_no_is_taken_for_a_no(ana: Person) -> None:
    ask = ana.ask()
    begun = SIGN_IN.begin(ask, ana.wire())

    why = refusal(lambda: SIGN_IN.finish(ask, begun.kept, say_no(begun.url), ana.wire()))

    assert why.reason == "sign_in_declined"


def test_rights_that_the_person_keeps_to_themselves_are_missed_at_once(ana: Person) -> None:
    ask = ana.ask()
    begun = SIGN_IN.begin(ask, ana.wire())
    answer = say_yes(begun.url, ana.account, scope="atproto blob:image/*")

    assert (
        refusal(lambda: SIGN_IN.finish(ask, begun.kept, answer, ana.wire())).reason == "permissions_missing"
    )


def test_somebody_else_signing_in_is_refused(ana: Person) -> None:
    ask, noor = ana.ask(), newcomer(ana.network, "noor")
    begun = SIGN_IN.begin(ask, ana.wire())

    why = refusal(lambda: SIGN_IN.finish(ask, begun.kept, say_yes(begun.url, noor.account), ana.wire()))

    assert why.reason == "other_account"


def test_code_is_good_once(ana: Person) -> None:
    ask = ana.ask()
    begun = SIGN_IN.begin(ask, ana.wire())
    answer = say_yes(begun.url, ana.account)
    SIGN_IN.finish(ask, begun.kept, answer, ana.wire())

    why = refusal(lambda: SIGN_IN.finish(ask, begun.kept, answer, ana.wire()))

    assert why.reason == "sign_in_refused"


def test_refresh_gives_a_new_pair_and_the_old_token_ends(ana: Person) -> None:
    old = ana.by_oauth()

    fresh = SIGN_IN.refresh(old, KEYS, ana.wire())

    assert fresh.access_token != old.access_token
    assert approved(ana, fresh).publish().post_id
    with pytest.raises(SignInAgain):
        SIGN_IN.who(old, ana.wire())


def test_refresh_token_used_twice_ends_the_sign_in(ana: Person) -> None:
    old = ana.by_oauth()
    fresh = SIGN_IN.refresh(old, KEYS, ana.wire())

    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(old, KEYS, ana.wire())

    with pytest.raises(SignInAgain):
        SIGN_IN.who(fresh, ana.wire())
    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(fresh, KEYS, ana.wire())


def test_sign_in_that_was_ended_is_over_and_may_be_ended_again(ana: Person, grant: Grant) -> None:
    SIGN_IN.revoke(grant, KEYS, ana.wire())
    SIGN_IN.revoke(grant, KEYS, ana.wire())

    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(grant, KEYS, ana.wire())


def test_app_password_lasts_as_long_as_it_is_used(ana: Person) -> None:
    grant = ana.by_password()

    fresh = SIGN_IN.refresh(grant, KEYS, ana.wire())

    assert fresh.expires_at == pytest.approx(time.time() + 2 * 3600, abs=60)
    assert fresh.refresh_expires_at == pytest.approx(time.time() + 90 * 86_400, abs=60)


def test_app_password_that_the_person_takes_back_ends_with_its_token(ana: Person) -> None:
    password = create_app_password(ana.network, ana.account, "portevoix")
    grant = SIGN_IN.sign_in_with_password(ana.account.handle, password, ana.wire())
    revoke = {"token": ana.account.access_token, "body": {"name": "portevoix"}}
    done(write(ana.network.pds_url, "com.atproto.server.revokeAppPassword", **revoke))

    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(grant, KEYS, ana.wire())
    again = refusal(lambda: SIGN_IN.sign_in_with_password(ana.account.handle, password, ana.wire()))
    assert again.reason == "bad_password"


def test_main_password_is_not_taken_whatever_its_shape(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bluesky_network, "PASSWORD", "abcd-efgh-ijkl-mnop")
    marc = newcomer(network, "marc")

    for password in ("deux-mots-de-passe", marc.account.password):
        handle = marc.account.handle
        why = refusal(lambda: SIGN_IN.sign_in_with_password(handle, password, marc.wire()))  # noqa: B023
        assert why.reason == "not_app_password"


# --- publishing --------------------------------------------------------------------------------------------------------
def test_post_is_kept_exactly_as_it_was_approved(ana: Person, grant: Grant) -> None:
    share = approved(ana, grant)

    published = share.publish()

    kept = ana.posts()
    thumb = share.prepared["thumb"]
    text = (
        "Je travaille chez Atlas\nNous recrutons à Casablanca 🎉\n#emploi مرحبا : https://exemple.fr/à?b=c."
    )
    assert [one["value"] for one in kept] == [
        {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": share.frozen["record"]["createdAt"],
            "langs": ["fr"],
            "facets": share.frozen["record"]["facets"],
            "embed": {
                "$type": "app.bsky.embed.external",
                "external": {"uri": URL, "title": "Un titre", "description": "Un résumé", "thumb": thumb},
            },
        }
    ]
    assert covered(kept[0]["value"]) == ["#emploi", "https://exemple.fr/à?b=c"]
    assert (thumb["mimeType"], thumb["size"]) == ("image/jpeg", len(load("cover").content))
    assert kept[0]["uri"].endswith(f"/app.bsky.feed.post/{published.post_id}")


def covered(record: Json) -> list[str]:
    """The words of a record that can be pressed."""
    content = record["text"].encode()
    return [content[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in record["facets"]]


def test_pictures_are_kept_with_their_descriptions(ana: Person, grant: Grant) -> None:
    draft = replace(DRAFT, card=None, pictures=(Attachment("a", alt="Le stand, à Rabat"), Attachment("b")))

    approved(ana, grant, draft).publish()

    images = ana.posts()[0]["value"]["embed"]["images"]
    assert [one["alt"] for one in images] == ["Le stand, à Rabat", "Une photo"]
    assert images[0]["aspectRatio"] == {"width": 600, "height": 315}
    assert ana.texts()[0].endswith(URL)


def test_answer_lost_is_found_and_sending_again_makes_no_second(
    ana: Person, grant: Grant, line: Line
) -> None:
    share = approved(ana, grant)
    # The first answer of a sign-in through the authority asks for its number; it is the next that says yes.
    line.lose(after=1 if grant.extra["kind"] == "oauth" else 0)

    with pytest.raises(OutcomeUnknown):
        share.publish(line)

    assert line.lost_count == 1
    found = share.find()
    assert isinstance(found, Published)
    assert share.publish() == found
    assert len(ana.posts()) == 1


def test_question_lost_is_found_absent(ana: Person, grant: Grant) -> None:
    share = approved(ana, grant)

    assert share.find() is Finding.ABSENT
    assert share.publish() == share.find()


def test_eight_at_once_are_one_post(ana: Person, grant: Grant) -> None:
    share = approved(ana, grant)

    with ThreadPoolExecutor(8) as together:
        published = list(together.map(lambda _number: share.publish(), range(8)))

    assert len(set(published)) == 1
    assert len(ana.posts()) == 1


def test_post_that_its_author_changed_is_known_and_not_overwritten(ana: Person, grant: Grant) -> None:
    share = approved(ana, grant)
    published = share.publish()
    place = {"repo": ana.account.did, "collection": bluesky_network.POST, "rkey": published.post_id}
    changed = {**ana.posts()[0]["value"], "text": "Autrement dit"}
    token = ana.account.access_token
    done(
        write(
            ana.network.pds_url,
            "com.atproto.repo.putRecord",
            token=token,
            body={**place, "record": changed},
        )
    )

    with pytest.raises(Duplicate) as why:
        share.publish()

    assert (why.value.post_id, why.value.url) == (published.post_id, published.url)
    assert share.find() == published
    assert ana.texts() == ["Autrement dit"]


def test_post_is_taken_off_and_again_without_a_word(ana: Person, grant: Grant) -> None:
    share = approved(ana, grant)
    published = share.publish()

    share.delete(published)
    share.delete(published)

    assert ana.posts() == []
    assert share.find() is Finding.ABSENT


def test_figures_follow_what_others_do(ana: Person) -> None:
    if ana.network.appview_url is None:
        pytest.skip("No PostgreSQL, so no AppView: nothing counts likes here.")
    share = approved(ana, ana.by_oauth())
    published = share.publish()
    kept = ana.posts()[0]

    like(ana.network, newcomer(ana.network, "noor").account, kept["uri"], kept["cid"])

    assert settled(lambda: share.figures(published).get("likes", 0), 1) == 1
    assert set(share.figures(published)) == {"likes", "reposts", "replies", "quotes", "bookmarks"}
    share.delete(published)
    with pytest.raises(Absent):
        settled(lambda: len(share.figures(published)), 0)


def settled(look: Callable[[], int], wanted: int) -> int:
    """What is seen once it is what was wanted, or after some seconds: news takes a moment to arrive there."""
    until = time.monotonic() + LIKES_SECONDS
    while (seen := look()) != wanted and time.monotonic() < until:
        time.sleep(0.1)
    return seen


# --- refusals ----------------------------------------------------------------------------------------------------------
def test_one_character_too_many_is_refused_in_their_words(ana: Person, grant: Grant) -> None:
    limits = PUBLISHER.composer.network.limits
    exact, more = Draft("👨‍👩‍👧‍👦" * 60 + "é" * 240), Draft("👨‍👩‍👧‍👦" * 60 + "é" * 241)

    approved(ana, grant, exact).publish()
    why = refusal(approved(ana, grant, more).publish)

    assert [one.code for one in PUBLISHER.problems(exact, limits)] == []
    assert [one.code for one in PUBLISHER.problems(more, limits)] == ["too_long"]
    assert why.reason == "refused_by_network"
    assert "maximum 300, got 301" in why.detail
    assert len(ana.posts()) == 1


def test_token_that_is_not_theirs_asks_to_sign_in_again(ana: Person, grant: Grant) -> None:
    share = approved(ana, grant)

    with pytest.raises(SignInAgain):
        replace(share, grant=replace(grant, access_token="eyJhbGciOiJIUzI1NiJ9.e30.x")).publish()
    assert ana.posts() == []


@pytest.mark.filterwarnings("ignore:Key size")
def test_token_that_ended_asks_to_sign_in_again(ana: Person) -> None:
    grant = ana.by_password()
    claims = {
        **passwords.said(grant.access_token),
        "iat": int(time.time()) - 7300,
        "exp": int(time.time()) - 100,
    }
    ended = jwt.encode({"alg": "HS256", "typ": "at+jwt"}, claims, OctKey.import_key(DEVELOPMENT_SECRET))

    with pytest.raises(SignInAgain):
        SIGN_IN.who(replace(grant, access_token=ended), ana.wire())


def test_clock_that_is_minutes_wrong_is_the_operators_matter(ana: Person) -> None:
    wrong = replace(ana.wire(), now=time.time() - 600)

    with pytest.raises(OperatorMust) as why:
        SIGN_IN.who(ana.by_oauth(), wrong)
    assert why.value.reason == "proof_refused"


def test_account_put_to_sleep_is_disconnected(ana: Person, grant: Grant) -> None:
    share = approved(ana, grant)
    sleep = {"token": ana.account.access_token, "body": {}}
    done(write(ana.network.pds_url, "com.atproto.server.deactivateAccount", **sleep))

    with pytest.raises(Disconnected):
        share.publish()
    with pytest.raises(Disconnected):
        SIGN_IN.who(grant, ana.wire())
