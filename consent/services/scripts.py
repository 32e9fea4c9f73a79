"""The banner script: built once, told about each publication in each language."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from consent.domain import signalling
from consent.domain.entries import Publication, Script
from consent.domain.notices import Notice
from consent.domain.vocabulary import Regime
from consent.services import looks
from consent.services.configuration import configuration, details
from consent.settings import ASSETS

DIST = ASSETS / "static" / "dist"
PLACEHOLDER = '"__CONSENT_CONFIG__"'
HASH_DIGITS = 16


class Stub(NamedTuple):
    """A script to stand inline in a page, and what admits it in `script-src`."""

    text: str
    source: str


class Scripts:
    """The scripts of this release."""

    def __init__(self, dist: Path = DIST) -> None:
        self._banner = _template(dist / "banner.js")
        self._dialog = _template(dist / "dialog.js")
        self._parts = _texts_by_name(dist / "parts")
        self._stubs = _texts_by_name(dist / "stubs")
        self._layouts = looks.sheets(dist / "layouts")

    def of(self, publication: Publication) -> dict[str, Script]:
        """Return what a publication says of its scripts, by locale and regime."""
        notice = publication.notice
        return {
            _name(notice, locale, regime): self.script(publication, locale, regime)
            for locale in notice.locales
            for regime in notice.in_use
        }

    def script(self, publication: Publication, locale: str, regime: Regime) -> Script:
        """Return what the script of a publication is in one language and regime."""
        beyond: dict[str, Any] = msgspec.to_builtins(details(publication, locale))
        config = configuration(publication, locale, regime)
        style = looks.style(publication.notice.looks, self._layouts)
        if style:
            config["style"] = style
        config["dialog"] = _dialog_path(publication, locale, self.dialog(beyond))
        plain: dict[str, Any] = msgspec.to_builtins(config)
        return Script(sha256_of(self.built(plain)), plain, beyond)

    def makes(self, script: Script) -> bool:
        """Tell whether this release builds exactly this script and its dialog."""
        dialog = sha256_of(self.dialog(script.details))[:HASH_DIGITS]
        is_same = sha256_of(self.built(script.config)) == script.sha256
        return is_same and str(script.config["dialog"]).endswith(dialog)

    def built(self, config: Mapping[str, Any]) -> bytes:
        """Return the exact bytes of the script that is told this.

        It has those optional parts for which there is something to tell, and says
        itself what no stub in the page has said.
        """
        stubs = self._stubs_told(config.get("defaults", {}))
        parts = [part for name, part in self._parts.items() if config.get(name)]
        told = {name: value for name, value in config.items() if name != "defaults"}
        banner = self._banner.replace(PLACEHOLDER, _script_json(told))
        return f"(()=>{{const parts=[];{stubs}{''.join(parts)}{banner}}})();\n".encode()

    def stub(self, notice: Notice) -> Stub | None:
        """Return what tells tools their defaults before any tag, if some need that.

        It stands inline, so that nothing can be faster; it changes with the site
        file's signals only.
        """
        text = self._stubs_told(signalling.defaults(notice))
        return Stub(text, f"'{integrity_of(text)}'") if text else None

    def _stubs_told(self, defaults: Mapping[str, Any]) -> str:
        return "".join(
            stub.replace(PLACEHOLDER, _script_json(defaults[name]))
            for name, stub in self._stubs.items()
            if name in defaults
        )

    def dialog(self, told: Mapping[str, Any]) -> bytes:
        """Return the exact bytes of the dialog's module that is told this."""
        return self._dialog.replace(PLACEHOLDER, _script_json(told)).encode()


def _template(path: Path) -> str:
    text = path.read_text(encoding="utf-8").strip()
    if text.count(PLACEHOLDER) != 1:
        raise ValueError(f"the built {path.name} has no place for its configuration")
    return text


def _texts_by_name(folder: Path) -> dict[str, str]:
    return {
        path.stem: path.read_text(encoding="utf-8").strip()
        for path in sorted(folder.glob("*.js"))
    }


def _dialog_path(publication: Publication, locale: str, dialog: bytes) -> str:
    """Return where one dialog is, and no other: it is fetched once, then cached."""
    asked = {
        "lang": locale,
        "notice": publication.version,
        "v": sha256_of(dialog)[:HASH_DIGITS],
    }
    return f"/{publication.notice.site}/dialog.js?{urlencode(asked)}"


def sha256_of(script: bytes) -> str:
    """Return the SHA-256 of a script's bytes, as publications have it."""
    return hashlib.sha256(script).hexdigest()


def integrity_of(text: str) -> str:
    """Return the SHA-256 of a script's text, as policies and import maps have it."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256-{digest.decode()}"


def script_of(publication: Publication, locale: str, regime: Regime) -> Script | None:
    """Return the script that a publication holds for a language and regime, if any."""
    return publication.scripts.get(_name(publication.notice, locale, regime))


def _name(notice: Notice, locale: str, regime: Regime) -> str:
    return locale if len(notice.in_use) == 1 else f"{locale} {regime}"


def handing_out(tokens: Sequence[str], config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the script served is told: common tokens too, if there are some.

    They are new each day, so publications hash the script without them.
    """
    if not tokens or "common" not in config:
        return dict(config)
    return {**config, "common": {**config["common"], "tokens": tokens}}


def _script_json(value: object) -> str:
    """Return JSON that is safe inside a script, whoever wrote the texts.

    Its order is the ledger's, so that what was read from there gives the same bytes.
    """
    text = msgspec.json.encode(value, order="deterministic").decode()
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
