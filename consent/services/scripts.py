"""The banner script: built once, configured for each publication and language."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from consent.domain import signalling
from consent.domain.appearance import Layout
from consent.domain.entries import Publication, Script
from consent.domain.notices import Blocking, Notice, Party, Purpose
from consent.domain.vocabulary import Regime
from consent.services import looks
from consent.services.changes import change
from consent.services.languages import (
    direction,
    gettext_for,
    is_spoken,
    listed,
    ngettext_for,
)
from consent.settings import ASSETS

DIST = ASSETS / "static" / "dist"
PLACEHOLDER = '"__CONSENT_CONFIG__"'
COOKIE_DAYS = 400
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
        details: dict[str, Any] = msgspec.to_builtins(_details(publication, locale))
        config = configuration(publication, locale, regime)
        style = looks.style(publication.notice.looks, self._layouts)
        if style:
            config["style"] = style
        config["dialog"] = _dialog_path(publication, locale, self.dialog(details))
        plain: dict[str, Any] = msgspec.to_builtins(config)
        return Script(sha256_of(self.built(plain)), plain, details)

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

    def dialog(self, details: Mapping[str, Any]) -> bytes:
        """Return the exact bytes of the dialog's module that is told this."""
        return self._dialog.replace(PLACEHOLDER, _script_json(details)).encode()


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
    if not tokens:
        return dict(config)
    return {**config, "common": {**config["common"], "tokens": tokens}}


def configuration(
    publication: Publication, locale: str, regime: Regime
) -> dict[str, Any]:
    """Return what the script needs to know before anybody asks for details."""
    notice = publication.notice
    config = {
        "site": notice.site,
        "notice": publication.version,
        "locale": locale,
        "dir": direction(locale),
        "cookie": {"domain": notice.cookie_domain, "days": COOKIE_DAYS},
        "purposes": [
            {
                "id": purpose.id,
                "bit": publication.purposes[purpose.id].bit,
                "since": publication.purposes[purpose.id].since,
                "basis": purpose.basis,
                "title": purpose.title[locale],
                "vendors": [vendor.id for vendor in notice.vendors_of(purpose.id)],
                **({"sells": True} if purpose.sells else {}),
                **_news(publication, purpose, locale),
            }
            for purpose in notice.purposes
        ],
        "vendors": {one.id: publication.vendors[one.id] for one in notice.vendors},
        "texts": _texts(publication, locale, regime),
    }
    holds = notice.blocking is Blocking.HOLD
    optional = {
        "privacy": notice.privacy_policy,
        "blocking": _blocking(notice) if notice.blocking else None,
        "cleanup": bool(_cleanup(notice)),
        "common": _common(notice, regime),
        "regime": None if notice.in_use == (Regime.OPT_IN,) else regime,
        "embeds": _embeds(locale) if notice.embeds or holds else None,
        "defaults": signalling.defaults(notice),
        "gpc": _gpc(notice, locale),
        **signalling.mappings(notice),
        "untranslated": not is_spoken(locale),
        "reload": notice.reload_on_withdrawal,
        "modal": notice.looks.layout is Layout.MODAL,
    }
    return config | {name: told for name, told in optional.items() if told}


def _news(publication: Publication, purpose: Purpose, locale: str) -> dict[str, str]:
    """Return what whoever decided about an older purpose is told, if it changed."""
    reasons = publication.purposes[purpose.id].reasons
    if not reasons:
        return {}
    changes = listed([change(reason, locale) for reason in reasons], locale)
    return {"news": f"{purpose.title[locale]} ({changes})"}


def _common(notice: Notice, regime: Regime) -> dict[str, Any]:
    """Return what to tell of common tokens, where the script may meet some."""
    if notice.in_use == (Regime.OPT_IN,):
        return {}
    return {"renews": regime is not Regime.OPT_IN}


def _blocking(notice: Notice) -> dict[str, Any]:
    """Return for what the tags of each host wait; some are needed in any case."""
    optional = {purpose.id for purpose in notice.optional}
    hosts: dict[str, list[str]] = {}
    for vendor in notice.vendors:
        if optional.issuperset(vendor.purposes):
            names = [f"{purpose}:{vendor.id}" for purpose in vendor.purposes]
            for host in vendor.hosts:
                hosts.setdefault(host, []).extend(names)
    return {"hosts": hosts, "report": notice.blocking is Blocking.REPORT}


def _embeds(locale: str) -> dict[str, str]:
    _ = gettext_for(locale)
    return {
        "from": _("Content from {host} is loaded only if you allow it."),
        "once": _("Load once"),
        "always": _("Always load"),
    }


def _cleanup(notice: Notice) -> dict[str, str]:
    """Return a pattern of what each purpose leaves on the site's own host, if any."""
    found = {}
    for purpose in notice.optional:
        names = {
            re.escape(cookie.name).replace(r"\*", ".*")
            for vendor in notice.vendors
            for cookie in vendor.cookies
            if cookie.purpose == purpose.id and cookie.party is Party.FIRST
        }
        if names:
            found[purpose.id] = f"^({'|'.join(sorted(names))})$"
    return found


def _gpc(notice: Notice, locale: str) -> str | None:
    """Return what is told to who sends Global Privacy Control, if anything is sold."""
    _ = gettext_for(locale)
    if not any(purpose.sells for purpose in notice.optional):
        return None
    return _(
        "Your browser sends Global Privacy Control, and we honour it: your data is "
        "neither sold nor shared unless you allow it here."
    )


def _details(publication: Publication, locale: str) -> dict[str, Any]:
    """Return what the dialog says beyond the banner."""
    notice, _ = publication.notice, gettext_for(locale)
    return {
        "descriptions": {one.id: one.description[locale] for one in notice.purposes},
        "vendors": {vendor.id: vendor.name for vendor in notice.vendors},
        "cleanup": _cleanup(notice),
        "texts": {
            "save": _("Save choice"),
            "close": _("Close"),
            "always": _("Always on"),
            "title": _("Cookie settings"),
            "granted": _("Allowed"),
            "refused": _("Not allowed"),
        },
    }


def _texts(publication: Publication, locale: str, regime: Regime) -> dict[str, str]:
    notice = publication.notice
    _, ngettext = gettext_for(locale), ngettext_for(locale)
    count = len(notice.vendors)
    own = notice.texts
    heading = own.heading[locale] if own else _("Your choice about cookies")
    intro = own.intro[locale] if own else _standard_intro(publication, locale, regime)
    vendors = ngettext("%(num)s service in all", "%(num)s services in all", count)
    told = {"ok": _("OK")} if regime is Regime.INFORM else {}
    return told | {
        "label": _("Cookie choices"),
        "heading": heading,
        "intro": intro,
        "vendors": vendors % {"num": count},
        "accept": _("Accept all"),
        "reject": _("Reject all"),
        "settings": _("Settings"),
        "preferences": _("Details and all services"),
        "privacy": _("Privacy policy"),
        "reopen": _("Cookie choices"),
        "unsent": _(
            "Your choice is kept and will be sent when the connection is back."
        ),
    }


def _standard_intro(publication: Publication, locale: str, regime: Regime) -> str:
    _ = gettext_for(locale)
    texts = {
        Regime.OPT_IN: _(
            "%(controller)s asks before using cookies and similar tools that are not "
            "strictly necessary. You can change your mind or withdraw at any time, as "
            "easily as you choose now."
        ),
        Regime.OPT_OUT: _(
            "%(controller)s uses cookies and similar tools that are not strictly "
            "necessary, unless you reject them. You can do so here and now, and "
            "change your mind at any time."
        ),
        Regime.INFORM: _(
            "%(controller)s uses cookies and similar tools. Those that are not "
            "strictly necessary can be switched off in the settings at any time."
        ),
    }
    return texts[regime] % {"controller": publication.notice.controller.name}


def _script_json(value: object) -> str:
    """Return JSON that is safe inside a script, whoever wrote the texts.

    Its order is the ledger's, so that what was read from there gives the same bytes.
    """
    text = msgspec.json.encode(value, order="deterministic").decode()
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
