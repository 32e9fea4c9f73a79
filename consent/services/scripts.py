"""The banner script: built once, configured for each publication and language."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from babel import Locale

from consent.domain.entries import Publication, Script
from consent.services.languages import gettext_for, ngettext_for
from consent.settings import ASSETS

DIST = ASSETS / "static" / "dist"
PLACEHOLDER = '"__CONSENT_CONFIG__"'
COOKIE_DAYS = 400
_HASH_DIGITS = 32


class Scripts:
    """The scripts of this release."""

    def __init__(self, dist: Path = DIST) -> None:
        self._source = (dist / "banner.js").read_text(encoding="utf-8")
        if self._source.count(PLACEHOLDER) != 1:
            raise ValueError("the built banner has no place for its configuration")
        self.dialog = (dist / "dialog.js").read_bytes()
        digest = hashlib.sha256(self.dialog).hexdigest()
        self.dialog_path = f"/static/dialog.js?v={digest[:_HASH_DIGITS]}"

    def configuration(self, publication: Publication, locale: str) -> dict[str, Any]:
        """Return what the script is told about a publication, in one language."""
        config = configuration(publication, locale, self.dialog_path)
        plain: dict[str, Any] = msgspec.to_builtins(config)
        return plain

    def built(self, config: Mapping[str, Any]) -> bytes:
        """Return the exact bytes of the script that is told this."""
        return self._source.replace(PLACEHOLDER, _script_json(config)).encode()

    def of(self, publication: Publication) -> dict[str, Script]:
        """Return what a publication says of its scripts, by locale."""
        configs = {
            locale: self.configuration(publication, locale)
            for locale in publication.notice.locales
        }
        return {
            locale: Script(sha256_of(self.built(config)), config)
            for locale, config in configs.items()
        }


def sha256_of(script: bytes) -> str:
    """Return the SHA-256 of a script's bytes, as publications have it."""
    return hashlib.sha256(script).hexdigest()


def configuration(
    publication: Publication, locale: str, dialog_path: str
) -> dict[str, Any]:
    """Return what the script needs to know: notice, texts and addresses."""
    notice = publication.notice
    return {
        "site": notice.site,
        "notice": publication.version,
        "locale": locale,
        "dir": Locale.parse(locale, sep="-").text_direction,
        "regime": notice.regime,
        "cookie": {"domain": notice.cookie_domain, "days": COOKIE_DAYS},
        "purposes": [
            {
                "id": purpose.id,
                "bit": publication.purposes[purpose.id].bit,
                "since": publication.purposes[purpose.id].since,
                "basis": purpose.basis,
                "sells": purpose.sells,
                "title": purpose.title[locale],
                "description": purpose.description[locale],
                "vendors": [vendor.id for vendor in notice.vendors_of(purpose.id)],
            }
            for purpose in notice.purposes
        ],
        "vendors": [
            {
                "id": vendor.id,
                "number": publication.vendors[vendor.id],
                "name": vendor.name,
            }
            for vendor in notice.vendors
        ],
        "dialog": dialog_path,
        "texts": _texts(publication, locale),
        "privacy": notice.privacy_policy,
    }


def _texts(publication: Publication, locale: str) -> dict[str, str]:
    notice = publication.notice
    _, ngettext = gettext_for(locale), ngettext_for(locale)
    count = len(notice.vendors)
    own = notice.texts
    heading = own.heading[locale] if own else _("Your choice about cookies")
    intro = own.intro[locale] if own else _standard_intro(publication, locale)
    vendors = ngettext("%(num)s service in all", "%(num)s services in all", count)
    return {
        "label": _("Cookie choices"),
        "heading": heading,
        "intro": intro,
        "vendors": vendors % {"num": count},
        "accept": _("Accept all"),
        "reject": _("Reject all"),
        "settings": _("Settings"),
        "save": _("Save choice"),
        "close": _("Close"),
        "preferences": _("Details and all services"),
        "privacy": _("Privacy policy"),
        "reopen": _("Cookie choices"),
        "always": _("Always on"),
        "unsent": _(
            "Your choice is kept and will be sent when the connection is back."
        ),
        "title": _("Cookie settings"),
        "granted": _("Allowed"),
        "refused": _("Not allowed"),
    }


def _standard_intro(publication: Publication, locale: str) -> str:
    _ = gettext_for(locale)
    text = _(
        "%(controller)s asks before using cookies and similar tools that are not "
        "strictly necessary. You can change your mind or withdraw at any time, as "
        "easily as you choose now."
    )
    return text % {"controller": publication.notice.controller.name}


def _script_json(value: object) -> str:
    """Return JSON that is safe inside a script, whoever wrote the texts.

    Its order is the ledger's, so that what was read from there gives the same bytes.
    """
    text = msgspec.json.encode(value, order="deterministic").decode()
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
