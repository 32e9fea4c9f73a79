"""Security headers of everything that Flask answers."""

from flask import Flask, Response, request

from consent.web.current import runtime

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def _policy(parts: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in parts.items())


_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
_PAGE = {
    "Content-Security-Policy": _policy(_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _FEATURES),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
# The banner loads its dialog from the pages of other origins.
_STATIC = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_WITHOUT_HTMX = {"require-trusted-types-for": "'script'", "trusted-types": "'none'"}
_TWO_YEARS = "max-age=63072000"


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    # What others may cache (notices, scripts) must never renew a session cookie.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.after_request(_secure)


def refuse_markup_from_scripts(response: Response) -> None:
    """Let no script of a page make markup of text; htmx could not work there."""
    strict = _policy(_POLICY | _WITHOUT_HTMX)
    response.headers["Content-Security-Policy"] = strict


def _secure(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html":
        for name, value in _PAGE.items():
            response.headers.setdefault(name, value)
    elif request.endpoint == "static":
        response.headers.update(_STATIC)
    # What nobody said may be kept, nobody keeps: an error least of all.
    response.headers.setdefault("Cache-Control", "no-store")
    if runtime().settings.https:
        response.headers["Strict-Transport-Security"] = _TWO_YEARS
    return response
