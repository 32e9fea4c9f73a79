"""What an appearance adds to the banner's sheet, and to the script."""

import pytest

from consent.services import notices, scripts
from tests.factories import SITE, make_notice

BUILT = scripts.DIST / "layouts"


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def config_of(runtime):
    """Return a function that publishes an appearance; it returns the script's words."""

    def published(**appearance):
        notices.publish(runtime, make_notice(appearance=appearance))
        found = notices.in_force(runtime, SITE)
        return found.scripts["en"].config

    return published


def test_a_site_that_says_nothing_pays_for_nothing(shop):
    config = notices.in_force(shop, SITE).scripts["en"].config

    assert "style" not in config
    assert "modal" not in config


def test_saying_what_is_standard_anyway_adds_nothing(config_of):
    assert "style" not in config_of(layout="box", position="bottom-start", theme="auto")


def test_only_the_sheets_of_the_layout_are_in_it(config_of):
    bar = (BUILT / "bar.css").read_text("utf-8").strip()
    top = (BUILT / "top.css").read_text("utf-8").strip()
    bar_top = (BUILT / "bar-top.css").read_text("utf-8").strip()

    assert config_of(layout="bar")["style"] == bar
    assert config_of(layout="bar", position="top")["style"] == bar + top + bar_top


def test_a_modal_brings_what_makes_the_page_wait(runtime, config_of):
    modal, box = config_of(layout="modal"), config_of(layout="box")

    assert b"showModal" in runtime.scripts.built(modal)
    assert b"showModal" not in runtime.scripts.built(box)


def test_colours_are_those_of_their_theme_alone(config_of):
    style = config_of(light={"accent": "#00f"}, dark={"button_ink": "#000"})["style"]

    assert style == (
        "@media(prefers-color-scheme:light)"
        "{.box,.dialog{--accent:var(--consent-accent,#00f)}}"
        "@media(prefers-color-scheme:dark)"
        "{.box,.dialog{--button-ink:var(--consent-button-ink,#000)}}"
    )


def test_a_fixed_theme_asks_no_system(config_of):
    style = config_of(theme="dark", dark={"accent": "#abc"})["style"]

    assert "@media" not in style
    assert "color-scheme:dark" in style
    assert "--accent:var(--consent-accent,#abc)" in style
    assert "--surface:var(--consent-surface,#1a2027)" in style


def test_radius_and_font_hold_for_every_theme(config_of):
    style = config_of(radius=0, font="'Inter', serif")["style"]

    assert style == (
        ".box,.dialog{--radius:var(--consent-radius,0px);"
        "--font:var(--consent-font,'Inter', serif)}"
    )


def test_other_looks_are_another_version_that_asks_nobody_again(runtime, config_of):
    config_of()
    before = notices.in_force(runtime, SITE)
    bar = make_notice(appearance={"layout": "bar"})

    questions = notices.compare(runtime, bar).questions
    notices.publish(runtime, bar)

    after = notices.in_force(runtime, SITE)
    assert questions == ()
    assert after.version == before.version + 1
    assert after.purposes == before.purposes
