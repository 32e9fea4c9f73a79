"""How the banner looks on a site: its layout, place, colours and letters.

All of it is for the banner as a whole. There is nothing to say of one button alone, so
no site file can make a refusal look harder than a consent.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from consent.domain.declared import Declared, matching

Colour = Annotated[str, matching(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")]
Radius = Annotated[int, Meta(ge=0, le=32)]
_FONT = r"""([A-Za-z][\w -]*|"[\w -]+"|'[\w -]+')"""
Fonts = Annotated[str, matching(rf"{_FONT}(, *{_FONT})*", max_length=200)]


class Layout(StrEnum):
    """What the banner asks on: a box, a bar along an edge, or before the page."""

    BOX = "box"
    BAR = "bar"
    MODAL = "modal"


class Position(StrEnum):
    """Where a layout is; `start` and `end` follow the direction of the language."""

    BOTTOM = "bottom"
    TOP = "top"
    BOTTOM_START = "bottom-start"
    BOTTOM_END = "bottom-end"
    TOP_START = "top-start"
    TOP_END = "top-end"


class Theme(StrEnum):
    """Which colours are used: those that the visitor's system prefers, or one set."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


POSITIONS = {
    Layout.BOX: (
        Position.BOTTOM_START,
        *(position for position in Position if position is not Position.BOTTOM_START),
    ),
    Layout.BAR: (Position.BOTTOM, Position.TOP),
    Layout.MODAL: (),
}
"""The positions that a layout can have; the first one if a site names none."""


class Colours(Declared, frozen=True):
    """Colours of one theme; what a site leaves out is ours."""

    surface: Colour | None = None
    ink: Colour | None = None
    muted: Colour | None = None
    line: Colour | None = None
    button: Colour | None = None
    button_ink: Colour | None = None
    accent: Colour | None = None


class Appearance(Declared, frozen=True):
    """What a site file says of the banner's looks."""

    layout: Layout = Layout.BOX
    position: Position | None = None
    theme: Theme = Theme.AUTO
    light: Colours = Colours()
    dark: Colours = Colours()
    radius: Radius | None = None
    font: Fonts | None = None

    @property
    def place(self) -> Position | None:
        """The position, said or not; none if the layout has only one."""
        return self.position or next(iter(POSITIONS[self.layout]), None)

    @property
    def themes(self) -> tuple[Theme, ...]:
        """The sets of colours that can be seen."""
        is_auto = self.theme is Theme.AUTO
        return (Theme.LIGHT, Theme.DARK) if is_auto else (self.theme,)

    def colours(self, theme: Theme) -> dict[str, str]:
        """Return every colour of a theme by its name."""
        return STANDARD[theme] | self.own_colours(theme)

    def own_colours(self, theme: Theme) -> dict[str, str]:
        """Return the colours of a theme that are the site's own."""
        own = self.light if theme is Theme.LIGHT else self.dark
        return {
            name: value for name, value in msgspec.to_builtins(own).items() if value
        }


STANDARD = {
    Theme.LIGHT: {
        "surface": "#fff",
        "ink": "#1b232d",
        "muted": "#515c6b",
        "line": "#d9dee5",
        "button": "#22303f",
        "button_ink": "#fff",
        "accent": "#0b5cad",
    },
    Theme.DARK: {
        "surface": "#1a2027",
        "ink": "#eef2f6",
        "muted": "#aeb9c6",
        "line": "#38424f",
        "button": "#e3eaf2",
        "button_ink": "#141a21",
        "accent": "#7db8f5",
    },
}
"""The colours of the built sheet."""

TEXT, PART = 4.5, 3.0
_PAIRS = (
    ("ink", "surface", TEXT),
    ("muted", "surface", TEXT),
    ("accent", "surface", TEXT),
    ("button_ink", "button", TEXT),
    ("button", "surface", PART),
)

Fault = tuple[tuple[str | int, ...], str]


def faults(appearance: Appearance) -> Iterator[Fault]:
    """Yield each fault as the path of a field and what is expected there.

    Contrast is that of WCAG 2.2, 1.4.3 for texts and 1.4.11 for the parts of controls.
    """
    allowed = POSITIONS[appearance.layout]
    if appearance.position and appearance.position not in allowed:
        named = f"one of {', '.join(allowed)}" if allowed else "none"
        said = f"expected {named} with layout {appearance.layout}"
        yield ("position",), f"{said}, got {str(appearance.position)!r}"
    for theme in appearance.themes:
        own, colours = appearance.own_colours(theme), appearance.colours(theme)
        for one, other, least in _PAIRS:
            found = contrast(colours[one], colours[other])
            if found < least:
                at = (theme, one if one in own else other)
                yield at, _too_close(colours, one, other, least, found)


def _too_close(
    colours: dict[str, str], one: str, other: str, least: float, found: float
) -> str:
    # Rounded down, or what fails by a hair would read as if it did not.
    ratio = int(found * 100) / 100
    return (
        f"expected a contrast of {least:g}:1 or more between {one} {colours[one]} and "
        f"{other} {colours[other]}, got {ratio:.2f}:1 (WCAG 2.2)"
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    pairs = [one * 2 for one in digits] if len(digits) == 3 else _in_pairs(digits)
    red, green, blue = (_linear(int(pair, 16) / 255) for pair in pairs)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _in_pairs(digits: str) -> list[str]:
    return [digits[at : at + 2] for at in (0, 2, 4)]


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
