"""The front: what a server of ASGI calls, so that waiting for a commit holds no thread.

With a thread for each request that waits, most of a core goes into threads that wake
each other. The loop answers what memory alone can answer; all else is WSGI, in threads.
"""

import asyncio
import io
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from string import printable
from typing import Any
from urllib.parse import quote

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import build_environ

from consent.services.bodies import ChoiceRequest
from consent.services.runtime import Runtime
from consent.web import acts, lane
from consent.web.lane import Lane, Wsgi
from consent.web.limits import Limits
from consent.web.wire import MAX_BODY_BYTES, Environ, Reply

WSGI_THREADS = 32
"""Pages, reading and other acts; those that wait for a commit share it."""
_QUICK = {"check", "changes"}
Scope = dict[str, Any]
Message = dict[str, Any]
Header = tuple[bytes, bytes]
Receive = Callable[[], Any]
Send = Callable[[Message], Any]


class Front:
    """The service as an ASGI app; `behind` is all of it as a WSGI app.

    `proxied` returns the environ that trusted proxies make of one.
    """

    def __init__(
        self,
        behind: Wsgi,
        lane: Lane,
        runtime: Runtime,
        limits: Limits,
        proxied: Callable[[Environ], Environ],
    ) -> None:
        wsgi: Any = behind
        self._behind: Any = WSGIMiddleware(wsgi, workers=WSGI_THREADS)
        self._lane = lane
        self._runtime = runtime
        self._limits = limits
        self._proxied = proxied
        self._durable: deque[asyncio.Future[None]] = deque()
        self._is_told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            scope = scope | {
                "headers": _told_apart(scope["headers"]),
                # Raw bytes are against RFC 3986, and no fault of ours either.
                "query_string": quote(scope["query_string"], printable).encode(),
            }
            reply, read = await self._reply(scope, receive)
            if reply is not None:
                await _send(reply, scope, send)
                return
            receive = _again(read, receive)
        await self._behind(scope, receive, send)

    async def _reply(
        self, scope: Scope, receive: Receive
    ) -> tuple[Reply | None, list[Message]]:
        """Return the answer if memory has it, and what was read of the body."""
        match scope["path"].split("/"):
            case ["", "v1", _, act, *_] if act in _QUICK:
                return self._lane.reply(_environ_of(scope)), []
            case ["", "v1", site, "records"]:
                first = await _whole(receive)
                environ = self._environ(scope, first["body"])
                asked = acts.asked_of_memory(environ, self._runtime, site)
                if asked is None:
                    return None, [first]
                return await self._recorded(environ, site, asked), []
        return None, []

    async def _recorded(
        self, environ: Environ, site: str, asked: ChoiceRequest
    ) -> Reply:
        loop = asyncio.get_running_loop()
        durable = loop.create_future()
        readable = acts.cors(environ, self._runtime, site)

        def tell() -> None:
            self._durable.append(durable)
            # The loop is woken once for all that one commit made durable.
            if not self._is_told:
                self._is_told = True
                try:
                    loop.call_soon_threadsafe(self._settle)
                except RuntimeError:
                    # It is gone; another one is to be woken again.
                    self._is_told = False

        try:
            self._limits.spend_act(environ, "records")
            acts.require(environ, self._runtime, site)
            begun = acts.begin(environ, self._runtime, site, asked, tell)
            await durable
            reply = acts.recorded(environ, self._runtime, asked, begun)
        except Exception as error:
            reply = lane.refusal(error, environ)
        return reply._replace(headers=reply.headers + readable)

    def _settle(self) -> None:
        # First: what is told from now on is told anew.
        self._is_told = False
        while self._durable:
            durable = self._durable.popleft()
            # Whoever waited may be gone.
            if not durable.done():
                durable.set_result(None)

    def _environ(self, scope: Scope, body: bytes) -> Environ:
        return self._proxied(build_environ(scope, io.BytesIO(body)))  # type: ignore[arg-type]


def _told_apart(headers: list[Header]) -> list[Header]:
    """Return headers that WSGI can tell apart.

    It has no underscores in names, and joins all but cookies by a comma (RFC 9113,
    section 8.2.3).
    """
    named = [one for one in headers if b"_" not in one[0]]
    jars = [value for name, value in named if name == b"cookie"]
    if len(jars) < 2:
        return named
    others = [one for one in named if one[0] != b"cookie"]
    return [*others, (b"cookie", b"; ".join(jars))]


def _environ_of(scope: Scope) -> Environ:
    """Return as little of a request without body as its answer needs.

    The whole environ would take a seventh of the checks that are answered.
    """
    environ = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": scope["path"],
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
    }
    for header, value in scope["headers"]:
        name, text = _name_of(header), value.decode("latin-1")
        environ[name] = f"{environ[name]},{text}" if name in environ else text
    return environ


@lru_cache(maxsize=256)
def _name_of(header: bytes) -> str:
    return "HTTP_" + header.decode("latin-1").upper().replace("-", "_")


async def _whole(receive: Receive) -> Message:
    """Return a request's body as one message; `more_body` if that is too long."""
    body = bytearray()
    while True:
        message: Message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body"))
        if not more or len(body) > MAX_BODY_BYTES:
            return message | {"body": bytes(body), "more_body": more}


def _again(read: list[Message], receive: Receive) -> Receive:
    """Return the coroutine that receives what was read once more, then what follows."""

    async def received() -> Message:
        following: Message = read.pop(0) if read else await receive()
        return following

    return received


async def _send(reply: Reply, scope: Scope, send: Send) -> None:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in reply.headers
    ]
    headers.append((b"content-length", b"%d" % len(reply.body)))
    body = b"" if scope["method"] == "HEAD" else reply.body
    start = {"type": "http.response.start", "status": reply.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
