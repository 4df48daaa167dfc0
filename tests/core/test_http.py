"""The door lets nothing in from where we must not look, and nothing that is too long, too slow or too big."""

import gzip
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

import httpcore2
import pytest

from portevoix.core.http import Door
from portevoix.core.internet import is_public
from portevoix.core.outgoing import (
    AddressRefused,
    BadStatus,
    CannotFetch,
    Deadline,
    NoAnswer,
    SchemeRefused,
    TooBig,
    TooManyRedirects,
    TooSlow,
    Unreachable,
)
from web_servers import dripping_headers, endless, page, redirect, serving

PUBLIC = "93.184.215.14"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class RecordingNetwork(httpcore2.MockBackend):
    """A network that answers hello to everybody and remembers whom it called."""

    def __init__(self) -> None:
        super().__init__([HELLO])
        self.called: list[tuple[str, int]] = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.called.append((host, port))
        return super().connect_tcp(host, port, timeout, local_address, socket_options)


class ScriptedNames:
    """A name server that gives its answers one after the other."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0)


def local_door(port: int) -> Door:
    return Door(allow=frozenset({("127.0.0.1", port)}))


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://someone:secret@example.com/",
        "http://@example.com/",
        "http://localhost/",
        "http://localhost./",
        "http://127.0.0.1./",
        "http://[::1]/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://10.0.0.1/",
        "http://example.com:22/",
        "http://example.com\\@127.0.0.1/",
        "http://",
        "http:///path",
        "http://１２７.0.0.1/",
    ],
)
def test_door_refuses_an_address_that_leads_inside(url):
    network = RecordingNetwork()

    with pytest.raises(AddressRefused):
        Door(network=network).get(url)

    assert network.called == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/", "javascript:1", "example.com"])
def test_door_refuses_other_schemes(url):
    with pytest.raises(SchemeRefused):
        Door().get(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
        "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "192.88.99.1", "192.0.0.192",
        "::", "::1", "::127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
        "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "not an address",
    ],
)  # fmt: skip
def test_public_excludes_every_special_network(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_includes_the_open_internet(address):
    assert is_public(address)


def test_door_refuses_a_name_when_any_of_its_addresses_is_private():
    network = RecordingNetwork()

    with pytest.raises(AddressRefused):
        Door(network=network, resolve=ScriptedNames([PUBLIC, "10.0.0.1"])).get("http://two-faced.example/")

    assert network.called == []


def test_door_calls_the_address_it_judged_whatever_the_name_says_next():
    network = RecordingNetwork()
    names = ScriptedNames([PUBLIC], ["127.0.0.1"])

    answer = Door(network=network, resolve=names).get("http://rebinding.example/")

    assert answer.content == b"hello"
    assert network.called == [(PUBLIC, 80)]
    assert names.asked == ["rebinding.example"]


def test_door_tries_the_next_address_when_the_first_does_not_answer():
    class FirstIsDead(RecordingNetwork):
        def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
            stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
            if len(self.called) == 1:
                raise httpcore2.ConnectError
            return stream

    network = FirstIsDead()

    answer = Door(network=network, resolve=ScriptedNames(["8.8.8.8", PUBLIC])).get(
        "http://half-dead.example/"
    )

    assert answer.content == b"hello"
    assert network.called == [("8.8.8.8", 80), (PUBLIC, 80)]


def test_door_does_not_wait_for_a_slow_name_server():
    def slow(host: str, port: int) -> Sequence[str]:
        time.sleep(2)
        return [PUBLIC]

    with pytest.raises(TooSlow):
        Door(resolve=slow).get("http://slow-names.example/", deadline_seconds=0.1)


def test_door_says_that_a_name_does_not_exist():
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(Unreachable) as refused:
        Door(resolve=unknown).get("http://nowhere.example/")

    assert refused.value.sentence == "nowhere.example could not be reached."


def test_door_keeps_loopback_closed_unless_the_pair_is_allowed():
    with serving({"/": page(b"inside")}) as port:
        with pytest.raises(AddressRefused):
            Door().get(f"http://127.0.0.1:{port}/")

        assert local_door(port).get(f"http://127.0.0.1:{port}/").content == b"inside"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_door_sends_an_invented_host_to_its_stand_in(scheme):
    with serving({"/news": page(b"invented", ETag='"1"', Content_Type="text/html")}) as port:
        door = Door(stand_ins={"atlas-energies.example": ("127.0.0.1", port)})

        answer = door.get(f"{scheme}://atlas-energies.example/news")

    assert (answer.content, answer.etag, answer.content_type) == (b"invented", '"1"', "text/html")
    assert answer.url == f"{scheme}://atlas-energies.example/news"


def test_door_follows_a_redirect_and_says_where_it_ended():
    with serving({"/old": redirect("/new"), "/new": page(b"moved")}) as port:
        answer = local_door(port).get(f"http://127.0.0.1:{port}/old")

    assert (answer.url, answer.content) == (f"http://127.0.0.1:{port}/new", b"moved")


@pytest.mark.parametrize(
    ("location", "refusal"),
    [
        ("http://10.0.0.1/", AddressRefused),
        ("http://169.254.169.254/", AddressRefused),
        ("//localhost/", AddressRefused),
        ("http://a:b@example.com/", AddressRefused),
        ("file:///etc/passwd", SchemeRefused),
    ],
)
def test_door_judges_every_hop_again(location, refusal):
    with serving({"/": redirect(location)}) as port, pytest.raises(refusal):
        local_door(port).get(f"http://127.0.0.1:{port}/")


def test_door_leaves_a_redirect_loop():
    with serving({"/a": redirect("/b"), "/b": redirect("/a")}) as port, pytest.raises(TooManyRedirects):
        local_door(port).get(f"http://127.0.0.1:{port}/a")


def test_door_follows_five_redirects_and_no_more():
    hops = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)} | {"/6": page(b"there")}

    with serving(hops) as port:
        door = local_door(port)

        assert door.get(f"http://127.0.0.1:{port}/1").content == b"there"
        with pytest.raises(TooManyRedirects):
            door.get(f"http://127.0.0.1:{port}/0")


def test_door_refuses_a_page_that_announces_fifty_megabytes():
    with serving({"/": page(b"x" * 50_000_000)}) as port, pytest.raises(TooBig) as refused:
        local_door(port).get(f"http://127.0.0.1:{port}/")

    assert refused.value.sentence == "The page is too big: 2 MB at most."


def test_door_cuts_a_page_that_never_ends():
    with serving({"/": endless(b"x" * 100_000)}) as port, pytest.raises(TooBig):
        local_door(port).get(f"http://127.0.0.1:{port}/")


def test_door_counts_bytes_after_decompression():
    bomb = gzip.compress(b"0" * 50_000_000)

    with serving({"/": page(bomb, Content_Encoding="gzip")}) as port, pytest.raises(TooBig):
        local_door(port).get(f"http://127.0.0.1:{port}/")


def test_door_reads_a_compressed_page():
    with serving({"/": page(gzip.compress(b"hello"), Content_Encoding="gzip")}) as port:
        assert local_door(port).get(f"http://127.0.0.1:{port}/").content == b"hello"


def twice_compressed() -> bytes:
    return gzip.compress(gzip.compress(b"0" * 50_000_000))


@pytest.mark.parametrize("layers", ["gzip, gzip", "gzip,deflate", "identity, gzip", "br", "gzip,"])
def test_door_refuses_a_page_in_several_layers_before_it_reads_any(layers):
    with serving({"/": page(twice_compressed(), Content_Encoding=layers)}) as port:
        with pytest.raises(Unreachable):
            local_door(port).get(f"http://127.0.0.1:{port}/")
        with pytest.raises(NoAnswer):
            local_door(port).call("GET", f"http://127.0.0.1:{port}/")


def compressed_without_end(request) -> None:
    """A compressed page of empty blocks: bytes without end that never give one."""
    request.send_response(200)
    request.send_header("Content-Encoding", "gzip")
    request.end_headers()
    request.wfile.write(gzip.compress(b"")[:10])
    for _ in range(200):
        request.wfile.write(b"\x00\x00\x00\xff\xff" * 20_000)


def test_door_cuts_a_compressed_page_that_yields_nothing():
    with serving({"/": compressed_without_end}) as port, pytest.raises(TooBig):
        local_door(port).get(f"http://127.0.0.1:{port}/")


def test_door_writes_no_address_in_any_log(caplog):
    """Some networks want a token in the query: however much is logged, an address is not."""
    caplog.set_level(logging.DEBUG)

    with serving({"/?token=s3cr3t": page(b"hello")}) as port:
        answer = local_door(port).call("GET", f"http://127.0.0.1:{port}/?token=s3cr3t")

    assert answer.content == b"hello"
    assert caplog.text == ""


def test_door_calls_a_broken_compression_unreachable():
    with serving({"/": page(b"not gzip", Content_Encoding="gzip")}) as port, pytest.raises(Unreachable):
        local_door(port).get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("drip", [endless(b".", pause_seconds=0.05), dripping_headers(0.05)])
def test_door_cuts_a_site_that_drips(drip):
    with serving({"/": drip}) as port, pytest.raises(TooSlow) as refused:
        local_door(port).get(f"http://127.0.0.1:{port}/", deadline_seconds=0.4)

    assert refused.value.sentence == "The site took more than 0.4 seconds to answer."


def test_door_waits_five_seconds_and_no_more():
    assert Door.get.__kwdefaults__["deadline_seconds"] == 5.0


def test_door_asks_only_for_what_changed():
    def reply(request) -> None:
        unchanged = (
            request.headers["If-None-Match"] == '"7"' and request.headers["If-Modified-Since"] == "then"
        )
        page(b"" if unchanged else b"new", status=304 if unchanged else 200)(request)

    with serving({"/": reply}) as port:
        answer = local_door(port).get(f"http://127.0.0.1:{port}/", etag='"7"', last_modified="then")

    assert (answer.is_unchanged, answer.content) == (True, b"")


def test_door_gives_the_status_of_a_refusal_and_when_to_come_back():
    with (
        serving({"/": page(b"", status=429, Retry_After="120")}) as port,
        pytest.raises(BadStatus) as refused,
    ):
        local_door(port).get(f"http://127.0.0.1:{port}/")

    assert (refused.value.status, refused.value.retry_after) == (429, "120")


def test_door_calls_an_answer_that_is_no_http_unreachable():
    def reply(request) -> None:
        request.wfile.write(b"SSH-2.0-OpenSSH\r\n")

    with serving({"/": reply}) as port, pytest.raises(Unreachable):
        local_door(port).get(f"http://127.0.0.1:{port}/")


def test_door_ignores_proxies_of_the_environment(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    with serving({"/": page(b"direct")}) as port:
        assert local_door(port).get(f"http://127.0.0.1:{port}/").content == b"direct"


def echo(request) -> None:
    """Says the method and the body again, under a status that a page would not have."""
    body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
    page(request.command.encode() + b" " + body, status=422)(request)


def test_call_brings_every_answer_back_whatever_its_status():
    with serving({"/": echo}) as port:
        answer = local_door(port).call("POST", f"http://127.0.0.1:{port}/", content=b"body")

    assert (answer.status, answer.content) == (422, b"POST body")


def test_call_follows_no_redirect():
    with serving({"/": redirect("/elsewhere"), "/elsewhere": page(b"secret")}) as port:
        answer = local_door(port).call("POST", f"http://127.0.0.1:{port}/")

    assert (answer.status, answer.content) == (302, b"")


def hang_up(request) -> None:
    """Reads the request and leaves without a word."""
    request.rfile.read(int(request.headers.get("Content-Length", 0)))
    request.close_connection = True


def half_an_answer(request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    request.close_connection = True


def no_answer(request) -> None:
    time.sleep(1)


def too_much(request) -> None:
    page(b"x" * 3_000_000)(request)


@pytest.mark.parametrize("reply", [hang_up, half_an_answer, no_answer, too_much])
def test_call_says_when_a_request_that_left_has_no_answer(reply):
    """Whoever asked must not believe that nothing was done."""
    with serving({"/": reply}) as port, pytest.raises(NoAnswer):
        local_door(port).call(
            "POST", f"http://127.0.0.1:{port}/", content=b"post me", deadline=Deadline.within(0.3)
        )


def test_call_says_when_nothing_left_this_machine():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

        with pytest.raises(Unreachable):
            local_door(port).call("POST", f"http://127.0.0.1:{port}/", content=b"post me")


def test_call_sends_nothing_once_its_deadline_is_over():
    """A process that was stopped between its decision and its call must not post long after."""
    seen = []
    with serving({"/": lambda request: seen.append(request.path)}) as port, pytest.raises(TooSlow):
        local_door(port).call(
            "POST", f"http://127.0.0.1:{port}/", deadline=Deadline(1.0, time.monotonic() - 1)
        )

    assert seen == []


def test_every_refusal_has_its_own_code_and_sentence():
    refusals = CannotFetch.__subclasses__()

    assert len({refusal.code for refusal in refusals}) == len(refusals) == 8
    assert all(refusal.template.endswith(".") for refusal in refusals)


def test_door_and_readers_need_no_django():
    """The redirector and the operator's command line use them without settings."""
    modules = (
        "core.http",
        "library.addresses",
        "library.feeds",
        "library.pictures",
        "library.preview.reading",
    )
    program = "import sys\n" + "".join(f"import portevoix.{module}\n" for module in modules)

    finished = subprocess.run(
        [sys.executable, "-c", f"{program}print('django' in sys.modules)"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.stdout.strip(), finished.stderr) == ("False", "")
