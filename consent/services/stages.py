"""A replay as one page that needs nothing else: the real banner, drawn inert."""

import base64
import json
from collections.abc import Iterable
from html import escape

from consent.domain.tokens import unsigned
from consent.services.languages import gettext_for
from consent.services.replays import Replay, said_of_fidelity, said_without_banner
from consent.services.runtime import Runtime
from consent.services.scripts import DIST, integrity_of

_POLICY = {
    "default-src": "'none'",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "consent",
}
_PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}" data-stage="{stage}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="{policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <title>{title}</title>
    <link rel="icon" href="data:,">
    <style>{style}</style>
    <script type="importmap">{imports}</script>
  </head>
  <body class="stage">
    <p class="stage__said">{title}. {said}</p>
    {scripts}
  </body>
</html>
"""


def page(runtime: Runtime, replay: Replay) -> str:
    """Return the page that draws a replay: no network, no cookie, no button works."""
    record, locale = replay.record, replay.record.locale
    address = runtime.settings.address + replay.config["dialog"]
    imports = _imports(address, replay.dialog)
    drawn = [_text("stage.js"), replay.script.decode()] if replay.shown else []
    style = _text("replay.css")
    title = gettext_for(locale)("Replay of record %(number)s")
    if replay.shown:
        said = said_of_fidelity(replay.fidelity, locale)
    else:
        said = said_without_banner(record, locale)
    return _PAGE.format(
        lang=escape(locale),
        dir=escape(replay.config["dir"]),
        stage=escape(json.dumps(_stage(runtime, replay))),
        policy=_policy([imports, replay.dialog.decode(), *drawn], style),
        title=escape(title % {"number": record.number}),
        style=style,
        imports=imports,
        said=escape(said),
        scripts="".join(f"<script>{text}</script>" for text in drawn),
    )


def _stage(runtime: Runtime, replay: Replay) -> dict[str, object]:
    """Return what the stage makes the script believe."""
    site, before = replay.record.site, replay.before
    return {
        "script": f"{runtime.settings.address}/{site}/banner.js",
        "cookie": f"consent_{site}={unsigned(before)}" if before else "",
        "gpc": replay.record.gpc,
        "layer": replay.shown and replay.shown.layer,
        "now": int(replay.acted_at.timestamp() * 1000),
    }


def _imports(address: str, module: bytes) -> str:
    """Return the import map that gives this module to who imports from an address."""
    data = f"data:text/javascript;base64,{base64.b64encode(module).decode()}"
    digest = integrity_of(module.decode())
    return json.dumps({"imports": {address: data}, "integrity": {data: digest}})


def _policy(scripts: Iterable[str], style: str) -> str:
    """Return a policy that allows these scripts and this style, and no other."""
    rules = _POLICY | {
        "script-src": " ".join(f"'{integrity_of(script)}'" for script in scripts),
        "style-src": f"'{integrity_of(style)}'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _text(name: str) -> str:
    return (DIST / name).read_text(encoding="utf-8")
