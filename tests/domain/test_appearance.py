"""What a site may say of the banner's looks, and what is refused."""

import re
from pathlib import Path

import msgspec
import pytest

from consent.domain.appearance import (
    POSITIONS,
    STANDARD,
    Appearance,
    Theme,
    contrast,
    faults,
)

SHEET = Path(__file__).parents[2] / "static" / "css" / "banner.css"
TOKEN = re.compile(r"--([a-z-]+): var\(--consent-\1, (#[0-9a-f]+)\)")


def made(**told):
    return msgspec.convert(told, Appearance)


def said(**told):
    """Return the faults of an appearance as lines."""
    return [f"{'.'.join(path)}: {text}" for path, text in faults(made(**told))]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000", "#fff", 21),
        ("#fff", "#000000", 21),
        ("#777777", "#ffffff", 4.478),
        ("#f00", "#fff", 3.998),
        ("#010101", "#010101", 1),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)


def test_our_own_colours_pass():
    assert said() == []


def test_our_own_colours_are_those_of_the_sheet():
    found = TOKEN.findall(SHEET.read_text("utf-8"))

    named = [(name.replace("_", "-"), one) for name, one in all_standard_colours()]
    assert found == named


def all_standard_colours():
    for theme in (Theme.LIGHT, Theme.DARK):
        yield from STANDARD[theme].items()


def test_a_text_too_pale_is_refused_with_its_contrast():
    assert said(light={"muted": "#999999"}) == [
        "light.muted: expected a contrast of 4.5:1 or more between muted #999999 and "
        "surface #fff, got 2.84:1 (WCAG 2.2)"
    ]


def test_what_fails_by_a_hair_does_not_read_as_if_it_passed():
    (line,) = said(light={"ink": "#777777"})

    assert "got 4.47:1" in line


def test_a_button_that_cannot_be_told_from_the_surface_is_refused():
    (line,) = said(dark={"button": "#30363d", "button_ink": "#fff"})

    assert line.startswith("dark.button: expected a contrast of 3:1 or more")


def test_a_surface_is_checked_against_our_own_colours():
    lines = said(light={"surface": "#22303f"})

    assert {line.split(":")[0] for line in lines} == {"light.surface"}
    assert "between ink #1b232d and surface #22303f" in lines[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_that_nobody_sees_may_be_anything(theme):
    other = "dark" if theme == "light" else "light"

    assert said(theme=theme, **{other: {"ink": "#777777"}}) == []
    assert said(theme=other, **{other: {"ink": "#777777"}}) != []


def test_a_layout_has_only_the_positions_that_make_sense():
    assert said(layout="bar", position="top-end") == [
        "position: expected one of bottom, top with layout bar, got 'top-end'"
    ]
    assert said(layout="modal", position="top") == [
        "position: expected none with layout modal, got 'top'"
    ]
    for layout, positions in POSITIONS.items():
        for position in positions:
            assert said(layout=layout, position=position) == []


@pytest.mark.parametrize(
    "told",
    [
        {"light": {"accent": "red"}},
        {"light": {"accent": "#12345"}},
        {"light": {"accent": "#fff;}"}},
        {"light": {"reject": "#fff"}},
        {"font": "Inter; color: red"},
        {"font": "'Inter"},
        {"font": "Inter}"},
        {"font": "Inter, "},
        {"radius": 99},
        {"reject": {"button": "#fff"}},
    ],
)
def test_what_is_no_colour_font_or_radius_of_the_whole_banner_is_refused(told):
    with pytest.raises(msgspec.ValidationError):
        made(**told)


@pytest.mark.parametrize(
    "font", ["Inter", "Inter, system-ui, sans-serif", "'Source Sans 3', \"X Y\", serif"]
)
def test_fonts_are_named_as_in_a_sheet(font):
    assert made(font=font).font == font
