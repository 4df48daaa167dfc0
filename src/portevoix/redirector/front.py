"""The front: the process that the world connects to, on an event loop of its own (uvloop).

It answers tracked links itself and hands everything else over to the pages behind it, when there are any. Several fronts
may share one port (SO_REUSEPORT); each has its own memory, its own segments and its own connection to the database.
"""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Callable
from typing import Final

from portevoix.core.origin import trusted_networks
from portevoix.env import Environment
from portevoix.links.segments import clicks_folder
from portevoix.redirector.connection import Connection
from portevoix.redirector.departures import Departures, SureDepartures
from portevoix.redirector.desk import Desk
from portevoix.redirector.handover import Behind
from portevoix.redirector.memory import give_back_large_pieces
from portevoix.redirector.metrics import watch_over
from portevoix.redirector.replies import Replies
from portevoix.redirector.spool import Spool
from portevoix.redirector.store import make_store
from portevoix.redirector.turns import Turns

ENDING_SECONDS: Final = 5.0  # for answers that are on their way when the process is told to end
_BACKLOG: Final = 2048

_log = logging.getLogger(__name__)


class Front:
    """What the connections of one process share."""

    def __init__(self, config: Environment, loop: asyncio.AbstractEventLoop, behind: Behind | None) -> None:
        self.loop = loop
        self.now = loop.time()  # by the second, for deadlines
        self.trusted = trusted_networks(config.trusted_proxies)
        self.behind = behind
        self.connections: set[Connection] = set()
        self.handed_over = 0
        self.var = config.var
        self._metrics_port = config.metrics_port
        is_sure = config.durability == "power"
        self.spool = Spool(clicks_folder(config.var), makes_room=is_sure)
        self.store = make_store(config)
        self.desk = Desk(self.store, loop)
        self.replies = Replies(self.desk)
        self.departures = (SureDepartures if is_sure else Departures)(self.spool, loop)
        self.turns = Turns(loop, self.replies, self.departures)

    async def serve(self, listening: socket.socket, ending: asyncio.Event) -> None:
        """Answers on a listening socket until `ending`, and then what was asked before."""
        metrics = await watch_over(self, self._metrics_port) if self._metrics_port else None
        server = await self.loop.create_server(lambda: Connection(self), sock=listening, backlog=_BACKLOG)
        watch = self.loop.create_task(self._keep_watch())
        await ending.wait()
        server.close()
        await self._end_connections()
        watch.cancel()
        if metrics is not None:
            metrics.close()
        self.departures.close()
        self.desk.close()
        self.spool.close()

    async def _keep_watch(self) -> None:
        while True:
            self.now = self.loop.time()
            self.replies.note_time()
            for connection in list(self.connections):
                connection.check(self.now)
            await asyncio.sleep(1)

    async def _end_connections(self) -> None:
        until = self.loop.time() + ENDING_SECONDS
        for connection in list(self.connections):
            connection.end()
        while self.connections and self.loop.time() < until:
            await asyncio.sleep(0.05)
        for connection in list(self.connections):
            connection.transport.abort()


def listen(bind: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket that listens there; `shared` with other processes, between which the kernel spreads the connections."""
    listening = socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.bind((bind, port))
    listening.listen(_BACKLOG)
    listening.setblocking(False)
    return listening


def is_possible() -> bool:
    """Whether the event loop that the front needs exists here."""
    try:
        import uvloop  # noqa: F401
    except ImportError:
        return False
    return True


def run(
    config: Environment,
    listening: socket.socket,
    behind: Behind | None,
    *,
    until: Callable[[asyncio.AbstractEventLoop, asyncio.Event], object] | None = None,
) -> None:
    """Answers on a listening socket until SIGTERM or SIGINT, or until `until` sets the event it is given."""
    import uvloop

    give_back_large_pieces()

    async def live() -> None:
        loop, ending = asyncio.get_running_loop(), asyncio.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, ending.set)
        if until is not None:
            until(loop, ending)
        front = Front(config, loop, behind)
        gc.freeze()  # what is there now stays: the collector need not look at it again
        await front.serve(listening, ending)

    uvloop.run(live())
