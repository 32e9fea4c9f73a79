"""The language of a request, and its words for dates and lengths."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.units import format_unit
from flask import Flask, g, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from consent.domain.instants import written
from consent.services.languages import SOURCE, catalogues, gettext_for, ngettext_for


def init_app(app: Flask) -> None:
    """Let templates speak the language of the request."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # The extension adds this method when it is loaded.
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        lifetime=lifetime,
        listed=listed,
        country=country,
        direction=direction,
        instant=written,
    )
    app.context_processor(
        lambda: {"lang": current(), "dir": direction(current()), "own_name": own_name}
    )


def negotiate(accepted: str | None, lang: str | None, available: Sequence[str]) -> str:
    """Return the locale to answer in; the first one available if none is asked for."""
    wanted = parse_accept_header(accepted, LanguageAccept)
    tags = [lang] if lang else []
    tags += [tag for tag, quality in wanted if quality > 0]
    found = (_match(tag, available) for tag in tags)
    return next(filter(None, found), available[0])


def speak(available: Sequence[str]) -> None:
    """Choose among these locales for the rest of the request."""
    accepted = request.headers.get("Accept-Language")
    g.locale = negotiate(accepted, request.args.get("lang"), available)


def current() -> str:
    """Return the locale of the request at hand."""
    if not has_request_context():
        return SOURCE
    if "locale" not in g:
        speak(catalogues())
    return str(g.locale)


def gettext(text: str) -> str:
    """Translate into the locale of the request."""
    return gettext_for(current())(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a text with a number in it into the locale of the request."""
    return ngettext_for(current())(one, many, count)


def direction(locale: str) -> str:
    """Return `ltr` or `rtl`."""
    return _babel(locale).text_direction


def own_name(locale: str) -> str:
    """Return a language's name in that language."""
    return str(_babel(locale).get_display_name() or locale).capitalize()


def moment(at: datetime) -> str:
    """Return a moment in words; always UTC, for ledgers know no time zones."""
    locale = _babel(current())
    at = at.astimezone(UTC)
    return gettext("%(date)s, %(time)s UTC") % {
        "date": format_date(at, "long", locale=locale),
        "time": format_time(at, "short", locale=locale),
    }


def day(at: datetime) -> str:
    """Return the UTC day of a moment in words."""
    return format_date(at.astimezone(UTC), "long", locale=_babel(current()))


def lifetime(text: str) -> str:
    """Return a lifetime in words: `session`, `persistent`, or a number and its unit."""
    if text == "session":
        return gettext("until you close the browser")
    if text == "persistent":
        return gettext("until you clear what your browser stores")
    number, unit = text.split()
    unit = f"duration-{unit.removesuffix('s')}"
    return format_unit(int(number), unit, locale=_babel(current()))


def listed(items: Iterable[str]) -> str:
    """Return items as the language lists them: a, b and c."""
    return format_list(list(items), locale=_babel(current()))


def country(code: str) -> str:
    """Return a country's name."""
    return str(_babel(current()).territories.get(code, code))


def _match(tag: str, available: Sequence[str]) -> str | None:
    """Return the locale for a tag: the same one, else one of the same language."""
    wanted = tag.replace("_", "-").lower()
    by_tag = {locale.lower(): locale for locale in available}
    language = wanted.partition("-")[0]
    by_language = {
        locale.lower().partition("-")[0]: locale for locale in reversed(available)
    }
    return by_tag.get(wanted) or by_tag.get(language) or by_language.get(language)


def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE)
