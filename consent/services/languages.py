"""Catalogues of translations, read as they are written, each when it is first asked."""

import logging
from collections.abc import Callable, Iterable
from functools import cache
from gettext import NullTranslations
from io import BytesIO

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from consent.settings import ASSETS

SOURCE = "en"
"""The language of the message ids; it needs no catalogue."""
_FOLDER = ASSETS / "translations"
_READ_ALIKE = {"no": "nb", "nn": "nb", "iw": "he"}
"""Languages whose readers read another: both forms of Norwegian; an old code."""
_REGION, _SCRIPT = 2, 4
"""How long those parts of a tag are."""

log = logging.getLogger(__name__)


def gettext_for(locale: str) -> Callable[[str], str]:
    """Return what translates into a locale; a missing text stays English."""
    return translations(locale).gettext


def ngettext_for(locale: str) -> Callable[[str, str, int], str]:
    """Return what translates texts with a number in them."""
    return translations(locale).ngettext


@cache
def translations(locale: str) -> NullTranslations:
    """Return the catalogue that is nearest to a locale, else one of English."""
    name = nearest(locale, catalogues())
    if name == SOURCE:
        return NullTranslations()
    untranslated = _Untranslated(locale)
    if name is None:
        return untranslated
    folder = name.replace("-", "_")
    with (_FOLDER / folder / "LC_MESSAGES" / "messages.po").open("rb") as file:
        compiled = BytesIO()
        write_mo(compiled, read_po(file, locale=folder))
    compiled.seek(0)
    found = Translations(compiled)
    found.add_fallback(untranslated)
    return found


def is_spoken(locale: str) -> bool:
    """Tell whether the standard texts are there in a locale, or in one like it."""
    return nearest(locale, catalogues()) is not None


@cache
def catalogues() -> tuple[str, ...]:
    """Return the locales that the standard texts are in, English first."""
    files = _FOLDER.glob("*/LC_MESSAGES/messages.po")
    names = sorted(file.parent.parent.name for file in files)
    return (SOURCE, *(name.replace("_", "-") for name in names))


def nearest(tag: str, available: Iterable[str]) -> str | None:
    """Return the locale that suits whoever asks for a tag, if one does.

    It is of the same language and script: nobody who reads one Chinese script gets
    the other. Of several, the same one, else the one that is of no region.
    """
    wanted = tag.replace("_", "-").lower()
    alike = (one for one in available if _writing(one.lower()) == _writing(wanted))
    return min(
        alike,
        key=lambda one: (
            one.lower() != wanted,
            one.partition("-")[0] != wanted.partition("-")[0],
            len(one),
        ),
        default=None,
    )


def direction(locale: str) -> str:
    """Return `ltr` or `rtl`."""
    return cldr(locale).text_direction


def listed(items: Iterable[str], locale: str) -> str:
    """Return items as a language lists them: a, b and c."""
    return format_list(list(items), locale=cldr(locale))


def cldr(locale: str) -> Locale:
    """Return what CLDR knows of a locale; of one that it does not know, English."""
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE)


def _writing(tag: str) -> tuple[str, str]:
    """Return the language and the script of a tag, by what CLDR takes as likely."""
    language, *rest = tag.split("-")
    language = _READ_ALIKE.get(language, language)
    region = next((part.upper() for part in rest if len(part) == _REGION), "")
    likely = get_global("likely_subtags")
    full = likely.get(f"{language}_{region}") or likely.get(language, "")
    parts = (part for part in (*rest, *full.split("_")) if part.isalpha())
    script = next((part for part in parts if len(part) == _SCRIPT), "")
    return language, script.title()


class _Untranslated(NullTranslations):
    """Texts that stay English, which the log says of each once."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._locale = locale

    def gettext(self, message: str) -> str:
        _warn(self._locale, message)
        return super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        _warn(self._locale, msgid1)
        return super().ngettext(msgid1, msgid2, n)


@cache
def _warn(locale: str, text: str) -> None:
    log.warning("not translated into %s: %r", locale, text)
