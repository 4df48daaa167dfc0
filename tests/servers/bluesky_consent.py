"""What a person does on the page of their Bluesky server, done without a browser: signs in, says yes or no.

The page talks to its server as any page does; the same two calls are made here, with a browser's manners.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import httpx2

from servers.bluesky_network import ANSWER_SECONDS, Account, Json

API = "/@atproto/oauth-provider/~api"
BROUGHT_BACK = ("state", "iss", "code", "error", "error_description")


def say_yes(page: str, account: Account, scope: str | None = None) -> Mapping[str, str]:
    """What the browser brings back once the account's owner agreed; `scope`: what they agreed to, where it is less."""
    with _Visit(page) as visit:
        signed_in = visit.post("sign-in", _credentials(account))
        token = signed_in.get("ephemeralToken", "")
        agreed = {"did": account.did} if scope is None else {"did": account.did, "scope": scope}
        return visit.brought_back(visit.post("consent", agreed, token))


def say_no(page: str) -> Mapping[str, str]:
    """What the browser brings back when the person refused."""
    with _Visit(page) as visit:
        return visit.brought_back(visit.post("reject", {}))


def _credentials(account: Account) -> Json:
    return {
        "locale": "fr",
        "username": account.handle,
        "password": account.password,
        "remember": False,
    }


class _Visit:
    """One look at the page, with its cookies."""

    def __init__(self, page: str) -> None:
        parts = urlsplit(page)
        self._page, self._origin = page, f"{parts.scheme}://{parts.netloc}"
        self._cookies: dict[str, str] = {}

    def __enter__(self) -> "_Visit":
        self._client = httpx2.Client(trust_env=False, timeout=ANSWER_SECONDS)
        headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
        self._remember(self._client.get(self._page, headers=headers))
        return self

    def __exit__(self, *_failure: object) -> None:
        self._client.close()

    def post(self, name: str, body: Json, token: str = "") -> Json:
        headers = {
            "Origin": self._origin,
            "Referer": self._page,
            "Sec-Fetch-Mode": "same-origin",
            "Sec-Fetch-Site": "same-origin",
            "Sec-Fetch-Dest": "empty",
            # These cookies are for https or for this machine: a browser sends them here, a client must be told to.
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "x-csrf-token": self._cookies["csrf-token"],
            **({"Authorization": f"Bearer {token}"} if token else {}),
        }
        answer = self._client.post(f"{self._origin}{API}/{name}", json=body, headers=headers)
        self._remember(answer)
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        found: Json = answer.json()
        return found

    def brought_back(self, found: Json) -> Mapping[str, str]:
        query = dict(parse_qsl(urlsplit(found["url"]).query))
        return {name: query[name] for name in BROUGHT_BACK if name in query}

    def _remember(self, answer: httpx2.Response) -> None:
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text[:500]}"
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.split(";", 1)[0].partition("=")
            self._cookies[name.strip()] = value
