"""How well a colour can be read on another (WCAG 2.2)."""

from collections.abc import Sequence

Colour = Sequence[int]
"""Red, green and blue, each from 0 to 255."""


def contrast_ratio(a: Colour, b: Colour) -> float:
    """Return the contrast ratio of two opaque colours, from 1 to 21."""
    darker, lighter = sorted((_relative_luminance(a), _relative_luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def _relative_luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= 0.04045:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
