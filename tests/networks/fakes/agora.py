"""Agora as a fake: an interface of our own, which honours no keys, so that looking is what saves us."""

from dataclasses import dataclass

from networks.fakes.server import NOW, REFRESH, TOKEN, FakeNetwork, Fault, Reply, Request, Shown, says
from portevoix.networks.direct import Grant
from portevoix.networks.dummy.composer import HOST


@dataclass
class _Post:
    post_id: str
    text: str
    link: str

    @property
    def data(self) -> dict[str, object]:
        address = f"https://{HOST}/posts/{self.post_id}"
        return {"id": self.post_id, "url": address, "likes": 3, "views": 20, "reposts": 1, "replies": 0}


class FakeAgora(FakeNetwork):
    """The network that does not exist."""

    hosts = (HOST,)
    publishing = r"POST /api/posts"

    def __init__(self) -> None:
        super().__init__()
        self._posts: dict[str, _Post] = {}

    def grant(self) -> Grant:
        return Grant("ana", TOKEN, REFRESH, expires_at=NOW + 3600)

    def disowns_token(self) -> Fault:
        return says(401, {"error": "invalid_token"})

    def errs_in_200(self) -> Fault:
        return says(200, {"error": "not_today"})

    def shown(self) -> list[Shown]:
        return [Shown(post.post_id, post.text, post.link) for post in self._posts.values()]

    def answer(self, request: Request) -> Reply:
        name = request.path.rpartition("/")[2]
        match request.method, request.path:
            case "POST", "/api/pictures":
                return Reply(201, {"id": "picture-1"})
            case "POST", "/api/posts":
                return self._published(request.json())
            case "GET", "/api/posts":
                found = [
                    post.data for post in self._posts.values() if self._holds(post, request.query["link"])
                ]
                return Reply(data={"posts": found})
            case "GET", _ if name in self._posts:
                return Reply(data=self._posts[name].data)
            case "DELETE", _ if self._posts.pop(name, None):
                return Reply(204)
        return Reply(404, {"error": "not_found"})

    def _published(self, sent: dict[str, str]) -> Reply:
        # Where there is a title the link hangs below as a card, otherwise it is in the text.
        post = _Post(str(len(self._posts) + 1), sent["text"], sent["link"] if sent["title"] else "")
        self._posts[post.post_id] = post
        return Reply(201, post.data)

    @staticmethod
    def _holds(post: _Post, link: str) -> bool:
        return link in (post.link, *post.text.split())
