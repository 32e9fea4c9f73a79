"""Markdown of site files as HTML: no markup of its own, no images, safe links only."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from consent.domain.revisions import Passage

_SCHEMES = {"", "http", "https", "mailto", "tel"}
_BREAKS = {"softbreak", "hardbreak"}
_FIRST_LEVEL, _LAST_LEVEL = 2, 6
"""The page around the text has the only heading of level 1."""
_KINDS = {"list_item_open": "li", "th_open": "td", "td_open": "td"}


class _Reader(MarkdownIt):
    """CommonMark and tables; tags in the source are text."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("table").disable("image")

    def validateLink(self, url: str) -> bool:
        """Tell whether a link may stay one."""
        return urlsplit(url).scheme in _SCHEMES


_reader = _Reader()


@lru_cache(maxsize=256)
def html(text: str, base: str = "") -> str:
    """Return a text as HTML; links that name no host start from the base."""
    tokens = _tokens(text)
    for token in tokens:
        for inner in token.children or ():
            if inner.type == "link_open":
                _lead(inner, base)
    rendered: str = _reader.renderer.render(tokens, _reader.options, {})
    return rendered


def passages(text: str) -> tuple[Passage, ...]:
    """Return a text as its headings, paragraphs and points, in plain words."""
    return tuple(_passages(_tokens(text)))


def _tokens(text: str) -> Sequence[Token]:
    tokens = _reader.parse(text)
    headings = [token for token in tokens if token.type.startswith("heading_")]
    highest = min((int(token.tag[1:]) for token in headings), default=_FIRST_LEVEL)
    for token in headings:
        level = int(token.tag[1:]) - highest + _FIRST_LEVEL
        token.tag = f"h{min(level, _LAST_LEVEL)}"
    return tokens


def _lead(link: Token, base: str) -> None:
    address = urljoin(base, str(link.attrs["href"]))
    link.attrs["href"] = address
    if urlsplit(address).netloc:
        link.attrs["rel"] = "noreferrer"


def _passages(tokens: Sequence[Token]) -> Iterator[Passage]:
    kind = "p"
    for token in tokens:
        if token.type in {"paragraph_open", "heading_open"}:
            kind = kind if kind == "li" else token.tag
        elif token.type in _KINDS:
            kind = _KINDS[token.type]
        elif token.type == "inline":
            yield Passage(kind, "".join(_plain(token.children or ())))
            kind = "p"
        elif token.type in {"fence", "code_block"}:
            yield Passage("p", token.content)


def _plain(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield what people read; which site a link leads to is a part of what is said."""
    leads_to = ""
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrs["href"])
            leads_to = address if urlsplit(address).netloc else ""
        elif token.type == "link_close":
            yield f" ({leads_to})" if leads_to else ""
        else:
            yield " " if token.type in _BREAKS else token.content
