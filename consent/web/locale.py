"""The language of a request, and its words for dates and lengths."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

from babel.dates import TIMEDELTA_UNITS, format_date, format_time, format_timedelta
from flask import Flask, g, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from consent.domain.instants import written
from consent.services import changes, languages
from consent.services.languages import (
    SOURCE,
    catalogues,
    cldr,
    direction,
    gettext_for,
    nearest,
    ngettext_for,
)


def init_app(app: Flask) -> None:
    """Let templates speak the language of the request."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # The extension adds this method when it is loaded.
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        written_day=written_day,
        lifetime=lifetime,
        listed=listed,
        country=country,
        change=change,
        direction=direction,
        instant=written,
        second=second,
    )
    app.context_processor(
        lambda: {"lang": current(), "dir": direction(current()), "own_name": own_name}
    )


@lru_cache(maxsize=1024)
def negotiate(
    accepted: str | None, lang: str | None, available: tuple[str, ...]
) -> str:
    """Return the locale to answer in; the first one available if none is asked for."""
    wanted = parse_accept_header(accepted, LanguageAccept)
    tags = [lang] if lang else []
    tags += _by_script(tag for tag, quality in wanted if quality > 0)
    found = (nearest(tag, available) for tag in tags)
    return next(filter(None, found), available[0])


def speak(available: tuple[str, ...]) -> None:
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


def own_name(locale: str) -> str:
    """Return a language's name in that language."""
    name = str(cldr(locale).get_display_name() or locale)
    return name[:1].upper() + name[1:]


def moment(at: datetime) -> str:
    """Return a moment in words; always UTC, for ledgers know no time zones."""
    locale = cldr(current())
    at = at.astimezone(UTC)
    return gettext("%(date)s, %(time)s UTC") % {
        "date": format_date(at, "long", locale=locale),
        "time": format_time(at, "short", locale=locale),
    }


def second(at: datetime) -> str:
    """Return a moment as HTML takes it: browsers know no microseconds."""
    return written(at.replace(microsecond=0))


def day(at: datetime) -> str:
    """Return the UTC day of a moment in words."""
    return written_day(at.astimezone(UTC).date())


def written_day(at: date) -> str:
    """Return a day of the calendar in words."""
    return format_date(at, "long", locale=cldr(current()))


def lifetime(text: str) -> str:
    """Return a lifetime in words: `session`, `persistent`, or a number and its unit."""
    if text == "session":
        return gettext("until you close the browser")
    if text == "persistent":
        return gettext("until you clear what your browser stores")
    number, unit = text.split()
    unit = unit.removesuffix("s")
    # `format_unit` says "2 duration-day" where long and short words are the same.
    return format_timedelta(
        int(number) * dict(TIMEDELTA_UNITS)[unit],
        granularity=unit,  # type: ignore[arg-type]
        threshold=float("inf"),
        locale=cldr(current()),
    )


def listed(items: Iterable[str]) -> str:
    """Return items as the language of the request lists them: a, b and c."""
    return languages.listed(items, current())


def country(code: str) -> str:
    """Return a country's name."""
    return str(cldr(current()).territories.get(code, code))


def change(reason: str) -> str:
    """Return how a purpose changed."""
    return changes.change(reason, current())


def _by_script(tags: Iterable[str]) -> Iterator[str]:
    """Leave out bare languages after one of their own tags.

    Browsers add them by themselves: `zh-TW, zh` asks for no other script.
    """
    seen = set()
    for tag in tags:
        language = tag.partition("-")[0].lower()
        if tag.lower() != language or language not in seen:
            yield tag
        seen.add(language)
