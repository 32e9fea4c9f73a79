"""Catalogues of translations, read as they are written."""

from collections.abc import Callable
from functools import cache
from gettext import NullTranslations
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from consent.settings import ASSETS

SOURCE = "en"
"""The language of the message ids; it needs no catalogue."""
_FOLDER = ASSETS / "translations"


def gettext_for(locale: str) -> Callable[[str], str]:
    """Return what translates into a locale; a missing text stays English."""
    return translations(locale).gettext


def ngettext_for(locale: str) -> Callable[[str, str, int], str]:
    """Return what translates texts with a number in them."""
    return translations(locale).ngettext


@cache
def translations(locale: str) -> NullTranslations:
    """Return the catalogue of a locale, else of its language, else an empty one."""
    full = locale.replace("-", "_")
    for name in (full, full.partition("_")[0]):
        path = _FOLDER / name / "LC_MESSAGES" / "messages.po"
        if name in _folders():
            with path.open("rb") as file:
                compiled = BytesIO()
                write_mo(compiled, read_po(file, locale=name))
            compiled.seek(0)
            return Translations(compiled)
    return NullTranslations()


def catalogues() -> list[str]:
    """Return the locales that the pages speak, English first."""
    return [SOURCE, *(name.replace("_", "-") for name in _folders())]


@cache
def _folders() -> list[str]:
    files = _FOLDER.glob("*/LC_MESSAGES/messages.po")
    return sorted(file.parent.parent.name for file in files)
