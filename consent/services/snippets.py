"""What an operator pastes into the pages of a site, part by part."""

from html import escape
from typing import NamedTuple

from consent.domain.csp import admissions
from consent.domain.notices import Notice
from consent.services import notices
from consent.services.languages import direction, gettext_for
from consent.services.runtime import Runtime


class Part(NamedTuple):
    """A piece of a page or of its headers, and where it goes."""

    place: str
    text: str


def snippet(runtime: Runtime, site: str) -> list[Part]:
    """Return what the pages of a site need; raises UnknownSite."""
    notice = notices.in_force(runtime, site).notice
    home = f"{runtime.settings.address}/{site}"
    links = [_link(home, locale) for locale in notice.locales]
    return [
        Part("First in the head of each page", _head(runtime, home, notice)),
        Part("In the body, for who has no JavaScript", "\n".join(links)),
        *policies(runtime, notice),
        Part(
            "There as well, if the page has require-trusted-types-for 'script'",
            "trusted-types consent",
        ),
    ]


def policies(runtime: Runtime, notice: Notice) -> list[Part]:
    """Return what a page's Content-Security-Policy has to admit, and for whom."""
    parts = [
        Part(_place(purpose), policy)
        for purpose, policy in admissions(notice, runtime.settings.address)
    ]
    stub = runtime.scripts.stub(notice)
    if stub:
        parts.append(
            Part("Added to its script-src, for the script inline", stub.source)
        )
    return parts


def _place(purpose: str | None) -> str:
    if purpose is None:
        return "In the Content-Security-Policy of each page (styles need nothing)"
    return f"Added to it only for visitors to whom the check allows {purpose}"


def _head(runtime: Runtime, home: str, notice: Notice) -> str:
    stub = runtime.scripts.stub(notice)
    inline = f"<script>{stub.text}</script>\n" if stub else ""
    return inline + _script(home, notice)


def _script(home: str, notice: Notice) -> str:
    # What holds tags that are not marked up has to be there before them.
    when = "" if notice.blocking else " async"
    return f'<script src="{escape(home)}/banner.js"{when}></script>'


def _link(home: str, locale: str) -> str:
    words = escape(gettext_for(locale)("Cookie choices"))
    href = f"{escape(home)}/preferences?lang={locale}"
    link = f'<a href="{href}" lang="{locale}" dir="{direction(locale)}">{words}</a>'
    return f"<noscript>{link}</noscript>"
