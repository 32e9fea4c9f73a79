"""Apps that collect events behind the middleware, for a real server to run."""

import json
import os

from consent.gateway import Gateway
from consent.gateway.middleware import VERDICT, AsgiMiddleware, WsgiMiddleware

PATHS = {"/collect": "analytics", "/ads": ("marketing", "ads")}
TOLD = {"/told": "analytics"}

gateway = Gateway(os.environ["SERVICE"], "shop", poll_seconds=0.02).start()
gateway.wait(10)


def seen(path, verdict):
    """Return what an app saw, as it answers."""
    return json.dumps({"path": path, "verdict": verdict}).encode()


def plain_wsgi(environ, start_response):
    """Answer with what was seen."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [seen(environ["PATH_INFO"], environ.get(VERDICT))]


async def plain_asgi(scope, receive, send):
    """Answer with what was seen; a websocket says it once."""
    if scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})
        return
    said = seen(scope["path"], scope.get(VERDICT))
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "bytes": said})
        return
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


wsgi = WsgiMiddleware(
    WsgiMiddleware(plain_wsgi, gateway, TOLD, refuse=False), gateway, PATHS
)
asgi = AsgiMiddleware(
    AsgiMiddleware(plain_asgi, gateway, TOLD, refuse=False), gateway, PATHS
)
