"""What a site's appearance adds to the banner's style sheet; often nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from consent.domain.appearance import Appearance, Layout, Theme

# As in static/css/banner.css: the first layer and the settings.
_LAYERS = ".box,.dialog"


def sheets(folder: Path) -> dict[str, str]:
    """Return the built sheets of layouts and positions by name."""
    return {
        path.stem: path.read_text(encoding="utf-8").strip()
        for path in sorted(folder.glob("*.css"))
    }


def style(appearance: Appearance, layouts: Mapping[str, str]) -> str:
    """Return the rules that come after the banner's own; empty for the standard."""
    names = (name for name in _sheet_names(appearance) if name in layouts)
    return "".join([*(layouts[name] for name in names), *_tokens(appearance)])


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


def _tokens(appearance: Appearance) -> Iterator[str]:
    yield _rule({"radius": _pixels(appearance.radius), "font": appearance.font})
    if appearance.theme is not Theme.AUTO:
        yield f"{_LAYERS}{{color-scheme:{appearance.theme}}}"
        yield _rule(appearance.colours(appearance.theme))
        return
    for theme in appearance.themes:
        rule = _rule(appearance.own_colours(theme))
        if rule:
            yield f"@media(prefers-color-scheme:{theme}){{{rule}}}"


def _pixels(number: int | None) -> str | None:
    return None if number is None else f"{number}px"


def _rule(tokens: Mapping[str, str | None]) -> str:
    """Return a rule that gives tokens, which a page may give as well."""
    names = {name.replace("_", "-"): value for name, value in tokens.items() if value}
    told = ";".join(
        f"--{name}:var(--consent-{name},{value})" for name, value in names.items()
    )
    return f"{_LAYERS}{{{told}}}" if told else ""
