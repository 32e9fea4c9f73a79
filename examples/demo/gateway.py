"""A small analytics gateway: it asks the consent service before anything fires."""

from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import msgspec
from flask import Flask, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from rich.console import Console
from rich.text import Text

from examples.demo.asking import Posted, ask
from examples.demo.reasons import meaning

SHOWN_EVENTS = 50
MAX_BODY_BYTES = 8_000
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Happened:
    """One event and what became of it. The token is not kept."""

    at: datetime
    event: str
    purpose: str
    gpc: bool
    fired: bool
    reason: str
    because: str


def line(happened: Happened) -> Text:
    """Return an event as a line for the terminal."""
    word, style = ("FIRED", "bold green") if happened.fired else ("HELD ", "bold red")
    return Text.assemble(
        (f"{happened.at.astimezone():%H:%M:%S}  ", "dim"),
        (word, style),
        f"  {happened.event} for {happened.purpose}",
        (f"  {happened.reason}", style.removeprefix("bold ")),
        (f"  {happened.because}", "dim"),
    )


def posted() -> Posted:
    """Return what the tag posted, or refuse it."""
    try:
        return msgspec.json.decode(request.get_data(), type=Posted)
    except (msgspec.DecodeError, msgspec.ValidationError):
        abort(400)


def happening(service_url: str) -> Happened:
    """Let the request's event fire or hold it, as the service says."""
    sent = posted()
    gpc = request.headers.get("Sec-GPC")
    verdict = ask(service_url, sent, gpc)
    return Happened(
        at=datetime.now(UTC),
        event=sent.event,
        purpose=sent.purpose,
        gpc=gpc == "1",
        because=meaning(verdict.reason),
        **asdict(verdict),
    )


def create_gateway(
    service_url: str, shop_origin: str, *, console: Console | None = None
) -> Flask:
    """Return the gateway as a WSGI application."""
    app = Flask(__name__, static_url_path="")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    terminal = console or Console()
    events: deque[Happened] = deque(maxlen=SHOWN_EVENTS)

    @app.post("/collect")
    def collect() -> ResponseReturnValue:
        if request.headers.get("Origin") != shop_origin:
            abort(403)
        happened = happening(service_url)
        events.appendleft(happened)
        terminal.print(line(happened), soft_wrap=True)
        shown = {"fired": happened.fired, "reason": happened.reason}
        return jsonify(shown | {"because": happened.because})

    @app.get("/")
    def show() -> str:
        shown = list(events)
        fired = sum(happened.fired for happened in shown)
        held = len(shown) - fired
        return render_template(
            "gateway.html", events=shown, fired=fired, held=held, shop=shop_origin
        )

    @app.get("/readyz")
    def ready() -> ResponseReturnValue:
        return "ready\n", {"Content-Type": "text/plain"}

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        if request.path == "/collect":
            response.headers["Access-Control-Allow-Origin"] = shop_origin
            response.headers["Vary"] = "Origin"
        return response

    return app
