"""The visitor's pages wear the colours of the site, by a sheet of their own."""

import re

import pytest

from consent.services.notices import publish
from tests.factories import make_notice
from tests.web.filling import see

COLOURS = {"light": {"button": "#5b3a1e", "accent": "#9a4a12"}, "radius": 4}


@pytest.fixture
def dressed(app):
    publish(app.extensions["consent"], make_notice(appearance=COLOURS))


def address_of(page):
    return re.search(r'href="(/shop/theme\.css[^"]*)"', page)[1]


def test_the_page_wears_the_colours_of_its_site(client, dressed):
    answer = client.get(address_of(see(client)))

    assert answer.mimetype == "text/css"
    assert ".page{--radius:4px}" in answer.text
    assert (
        "@media(prefers-color-scheme:light){.page{--button:#5b3a1e;--accent:#9a4a12;"
        "--ground:var(--surface)}}"
    ) in answer.text


def test_one_theme_holds_whatever_the_system_prefers(client, app):
    publish(app.extensions["consent"], make_notice(appearance={"theme": "dark"}))

    sheet = client.get(address_of(see(client))).text

    assert ":root{color-scheme:dark}" in sheet
    assert ".page{--surface:#1a2027;" in sheet
    assert "@media" not in sheet


def test_a_version_is_kept_and_the_newest_asked_for_again(client, dressed):
    kept = client.get(address_of(see(client))).headers["Cache-Control"]

    assert kept == "public, max-age=31536000, immutable"
    assert client.get("/shop/theme.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/shop/theme.css?notice=9").status_code == 404


def test_a_site_without_colours_of_its_own_has_no_such_sheet(client, shop):
    assert "theme.css" not in see(client)
    assert client.get("/shop/theme.css").text == ""
