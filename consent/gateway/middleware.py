"""WSGI and ASGI middleware: events pass only while their visitors allow them."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any

from consent.domain.checks import Verdict
from consent.gateway.gateway import Gateway
from consent.gateway.guard import Guard, Paths

VERDICT = "consent.verdict"
"""Where the app finds the verdict: in the WSGI environ, or in the ASGI scope."""

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
Scope = MutableMapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]
_POLICY_VIOLATION = 1008


class WsgiMiddleware:
    """Refuses events with 403, or tells the app what to think of them.

    app.wsgi_app = WsgiMiddleware(app.wsgi_app, gateway, {"/collect": "analytics"})
    """

    def __init__(
        self, app: Wsgi, gateway: Gateway, paths: Paths, *, refuse: bool = True
    ) -> None:
        """Guard paths of an app.

        :param paths: path to purpose, or to purpose and vendor
        :param refuse: False leaves it to the app to heed `environ["consent.verdict"]`
        """
        self._app = app
        self._guard = Guard(gateway, paths)
        self._refuse = refuse

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one WSGI request."""
        verdict = self._verdict(environ)
        if verdict is None:
            return self._app(environ, start_response)
        environ[VERDICT] = verdict
        if verdict.allowed or not self._refuse:
            return self._app(environ, start_response)
        start_response("403 Forbidden", _headers(verdict))
        return [b""]

    def _verdict(self, environ: Environ) -> Verdict | None:
        # A browser that only asks if it may send brings no token yet.
        asks = {"HTTP_ORIGIN", "HTTP_ACCESS_CONTROL_REQUEST_METHOD"} <= environ.keys()
        if environ["REQUEST_METHOD"] == "OPTIONS" and asks:
            return None
        path, mount = (
            environ.get(name, "").encode("latin-1").decode("utf-8", "replace")
            for name in ("PATH_INFO", "SCRIPT_NAME")
        )
        return self._guard.decide({path, mount + path}, _wsgi_headers(environ))


class AsgiMiddleware:
    """Refuses events with 403, or tells the app what to think of them.

    A websocket is decided about when it opens. Decisions wait for nothing.

        app = AsgiMiddleware(app, gateway, {"/collect": ("analytics", "matomo")})
    """

    def __init__(
        self, app: Asgi, gateway: Gateway, paths: Paths, *, refuse: bool = True
    ) -> None:
        """Guard paths of an app.

        :param paths: path to purpose, or to purpose and vendor
        :param refuse: False leaves it to the app to heed `scope["consent.verdict"]`
        """
        self._app = app
        self._guard = Guard(gateway, paths)
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer one ASGI connection."""
        verdict = None if scope["type"] == "lifespan" else self._verdict(scope)
        if verdict is None:
            await self._app(scope, receive, send)
        elif verdict.allowed or not self._refuse:
            await self._app({**scope, VERDICT: verdict}, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await _refused(verdict, send)

    def _verdict(self, scope: Scope) -> Verdict | None:
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
            # As a server of WSGI would take it for the one with a hyphen.
            if b"_" not in name
        ]
        asks = {"origin", "access-control-request-method"} <= {n for n, _ in headers}
        if scope.get("method") == "OPTIONS" and asks:
            return None
        path, mount = scope["path"], scope.get("root_path", "")
        paths = {path, mount + path, path.removeprefix(mount)}
        return self._guard.decide(paths, headers)


async def _refused(verdict: Verdict, send: Send) -> None:
    headers = [
        (name.lower().encode(), value.encode()) for name, value in _headers(verdict)
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _headers(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the headers of a refusal, the same as the service's check has."""
    return [
        ("Consent-Verdict", verdict.reason.value),
        ("Cache-Control", "no-store"),
        ("Content-Length", "0"),
    ]


def _wsgi_headers(environ: Environ) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-"), value
