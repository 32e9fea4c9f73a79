"""htmx on top of pages that are complete without it; htmx-flask stays in here."""

import json
from typing import Any

from flask import Flask, render_template, request
from htmx_flask import Htmx

_CONFIG = {
    # All of these are for the Content Security Policy, and so that no old state
    # of a page is ever shown again.
    "allowEval": False,
    "allowScriptTags": False,
    "historyCacheSize": 0,
    "historyRestoreAsHxRequest": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    # An error answers with a whole page; its main part takes the place of ours.
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {
            "code": "[45]..",
            "swap": True,
            "error": True,
            "target": "main",
            "select": "main",
            "swapOverride": "outerHTML show:window:top",
        },
    ],
}


def init_app(app: Flask) -> None:
    """Let views ask what htmx wants, and pages configure it."""
    Htmx(app)
    app.context_processor(lambda: {"htmx_config": json.dumps(_CONFIG)})


def wants_part() -> bool:
    """Tell whether htmx will swap a part in; boosted links get whole pages."""
    asked: Any = request
    htmx = asked.htmx
    return bool(htmx) and not (htmx.boosted or htmx.history_restore_request)


def render(page: str, part: str, **context: Any) -> str:
    """Render a page, or the part of it that htmx asked for.

    The caller's answer varies by HX-Request.
    """
    return render_template(part if wants_part() else page, **context)
