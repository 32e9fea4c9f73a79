import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.contrast import contrast_ratio

CSS = Path(__file__).parents[2] / "static" / "css" / "banner.css"
TOKEN = re.compile(r"--([a-z-]+): var\(--consent-[a-z-]+, #([0-9a-f]{3,6})\)")
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
COLOURS = st.tuples(*[st.integers(0, 255)] * 3)
TEXT, CONTROL = 4.5, 3
"""What WCAG 2.2 asks for: 1.4.3 for text, 1.4.11 for what shows where a control is."""


def tokens():
    """Return the banner's own colours: the light ones, then those of the dark."""
    light, dark = CSS.read_text("utf-8").split("prefers-color-scheme: dark", 1)
    return [
        {name: colour(digits) for name, digits in TOKEN.findall(part)}
        for part in (light, dark)
    ]


def colour(digits):
    """Return red, green and blue of `fff` or `ffffff`."""
    wide = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    return tuple(bytes.fromhex(wide))


@pytest.mark.parametrize(
    ("a", "b", "ratio"),
    [
        (BLACK, WHITE, 21),
        ((119, 119, 119), WHITE, 4.48),
        ((118, 118, 118), WHITE, 4.54),
        ((255, 0, 0), WHITE, 4.00),
        ((0, 0, 255), WHITE, 8.59),
        ((0, 128, 0), BLACK, 4.09),
    ],
)
def test_it_agrees_with_the_numbers_that_others_publish(a, b, ratio):
    assert contrast_ratio(a, b) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, COLOURS)
def test_it_is_the_same_both_ways_and_from_1_to_21(a, b):
    assert contrast_ratio(a, b) == contrast_ratio(b, a)
    assert 1 <= contrast_ratio(a, b) <= 21.000001
    assert contrast_ratio(a, a) == 1


@given(COLOURS, st.integers(0, 2), st.integers(1, 255))
def test_a_lighter_colour_stands_out_more_from_black(a, channel, more):
    lighter = list(a)
    lighter[channel] = min(255, a[channel] + more)

    assert contrast_ratio(lighter, BLACK) >= contrast_ratio(a, BLACK)


@given(COLOURS, COLOURS, COLOURS)
def test_steps_from_dark_to_light_multiply(a, b, c):
    ordered = sorted((a, b, c), key=lambda one: contrast_ratio(one, BLACK))
    first, second = (contrast_ratio(*pair) for pair in pairwise(ordered))

    whole = contrast_ratio(ordered[0], ordered[2])
    assert first * second == pytest.approx(whole)


@pytest.mark.parametrize("theme", tokens(), ids=["light", "dark"])
def test_the_banners_own_colours_can_be_read(theme):
    for ink in ("ink", "muted", "accent"):
        assert contrast_ratio(theme[ink], theme["surface"]) >= TEXT, ink
    assert contrast_ratio(theme["button-ink"], theme["button"]) >= TEXT
    assert contrast_ratio(theme["button"], theme["surface"]) >= CONTROL
    assert contrast_ratio(theme["accent"], theme["surface"]) >= CONTROL
