"""The marketing site of HummingBytes, which embeds the banner from another origin."""

from pathlib import Path
from typing import Any

import yaml
from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

from consent.services import markdown
from examples.demo.places import ROOT, SITE

SITE_FILE = ROOT / "examples/hummingbytes.yaml"


def policy(service_url: str, gateway_url: str) -> str:
    """Return the site's Content-Security-Policy: two other origins, nothing inline."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {service_url}",
            f"style-src 'self' {service_url}",
            f"connect-src 'self' {service_url} {gateway_url}",
            "img-src 'self'",
            f"form-action {service_url}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types consent",
        )
    )


def declared(site_file: Path) -> dict[str, Any]:
    """Return what the site file says, for the page that lists the cookies."""
    notice: dict[str, Any] = yaml.safe_load(site_file.read_text("utf-8"))
    return notice


def create_shop(service_url: str, gateway_url: str) -> Flask:
    """Return the marketing site as a WSGI application."""
    app = Flask(__name__, static_url_path="")
    notice = declared(SITE_FILE)
    headers = {
        "Content-Security-Policy": policy(service_url, gateway_url),
        # The preference center tells by the referrer where a visitor comes from.
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    }

    @app.context_processor
    def addresses() -> dict[str, Any]:
        site = f"{service_url}/{SITE}"
        return {
            "banner": f"{site}/banner.js",
            "preferences": f"{site}/preferences",
            "service": service_url,
            "gateway": gateway_url,
            "notice": notice,
            "policy": markdown.html(notice["policy"]["text"]["en"], f"{site}/privacy"),
        }

    @app.get("/")
    def home() -> str:
        return render_template("shop/home.html")

    @app.get("/privacy")
    def privacy() -> str:
        return render_template("shop/privacy.html")

    @app.get("/cookies")
    def cookies() -> str:
        return render_template("shop/cookies.html")

    @app.get("/readyz")
    def ready() -> ResponseReturnValue:
        return "ready\n", {"Content-Type": "text/plain"}

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(headers)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-cache"
        return response

    return app
