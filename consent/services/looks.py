"""What a site's appearance adds to the banner's style sheet and to the pages'."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from consent.domain.appearance import Appearance, Layout, Theme


@dataclass(frozen=True)
class _Place:
    """Where a sheet has its properties, and how they are given a value there."""

    selector: str
    root: str
    value: str
    has_ground: bool = False

    def complete(self, colours: dict[str, str]) -> dict[str, str]:
        """Return the colours, with the ground where the place has one.

        The contrast of a site's colours is known on its surface and nowhere else.
        """
        if not self.has_ground or not colours:
            return colours
        return colours | {"ground": "var(--surface)"}


# As in static/css/banner.css: the first layer and the settings. What is given there,
# the page around it may give as well.
_BANNER = _Place(".box,.dialog", ".box,.dialog", "var(--consent-{name},{value})")
_PAGE = _Place(".page", ":root", "{value}", has_ground=True)


def sheets(folder: Path) -> dict[str, str]:
    """Return the built sheets of layouts and positions by name."""
    return {
        path.stem: path.read_text(encoding="utf-8").strip()
        for path in sorted(folder.glob("*.css"))
    }


def style(appearance: Appearance, layouts: Mapping[str, str]) -> str:
    """Return the rules that come after the banner's own; empty for the standard."""
    names = (name for name in _sheet_names(appearance) if name in layouts)
    own = _tokens(appearance, _BANNER)
    return "".join([*(layouts[name] for name in names), *own])


def _sheet_names(appearance: Appearance) -> Iterator[str]:
    yield appearance.layout
    place = appearance.place
    if place is None:
        return
    edge, _, side = place.partition("-")
    yield edge
    if appearance.layout is Layout.BAR:
        yield f"bar-{edge}"
    else:
        yield side or "middle"


def page_style(appearance: Appearance) -> str:
    """Return the rules that come after those of the visitor's pages."""
    return "".join(_tokens(appearance, _PAGE))


def _tokens(appearance: Appearance, place: _Place) -> Iterator[str]:
    letters = {"radius": _pixels(appearance.radius), "font": appearance.font}
    yield _rule(letters, place)
    if appearance.theme is not Theme.AUTO:
        yield f"{place.root}{{color-scheme:{appearance.theme}}}"
        yield _rule(place.complete(appearance.colours(appearance.theme)), place)
        return
    for theme in appearance.themes:
        rule = _rule(place.complete(appearance.own_colours(theme)), place)
        if rule:
            yield f"@media(prefers-color-scheme:{theme}){{{rule}}}"


def _pixels(number: int | None) -> str | None:
    return None if number is None else f"{number}px"


def _rule(tokens: Mapping[str, str | None], place: _Place) -> str:
    names = {name.replace("_", "-"): value for name, value in tokens.items() if value}
    told = ";".join(
        f"--{name}:{place.value.format(name=name, value=value)}"
        for name, value in names.items()
    )
    return f"{place.selector}{{{told}}}" if told else ""
