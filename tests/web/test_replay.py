import re

import pytest

from tests.factories import SECRET
from tests.web.asking import record, withdraw

BANNER = "/banner"


@pytest.fixture
def acts_for(client):
    """Return a function that lets the browser's session hold a secret."""

    def hold(secret):
        with client.session_transaction() as session:
            session["sites"] = {"shop": {"secret": secret}}

    return hold


@pytest.fixture
def mine(client, acts_for):
    """Return the address of the replay of a record of this browser's own."""
    made = record(client, {"analytics": "granted"}, layout="box", locale="de")
    acts_for(SECRET)
    return f"/shop/records/{made['number']}/replay"


def test_it_tells_without_script_what_was_shown_and_chosen(client, mine):
    page = client.get(mine).text

    for told in (
        "Ihre Wahl zu Cookies",
        "What analytics is for. (de)",
        "Alle ablehnen",
        "Alle akzeptieren",
        "analytics title (de)",
        "Exactly what was served",
        "version 1, entry 0",
    ):
        assert told in page
    assert re.search(r'<div class="replay__words" lang="de" dir="ltr">', page)


def test_it_speaks_the_readers_language_about_the_visitors(client, mine):
    page = client.get(f"{mine}?lang=de").text

    assert "Was Sie gesehen haben" in page
    assert "Genau das, was ausgeliefert wurde" in page


def test_the_banner_is_drawn_in_a_frame_that_may_do_nothing_else(client, mine):
    page, drawn = client.get(mine), client.get(mine + BANNER)

    frame = re.search(r"<iframe[^>]*>", page.text)[0]
    assert f'src="{mine}{BANNER}"' in frame
    assert 'sandbox="allow-scripts"' in frame
    assert drawn.headers["Content-Security-Policy"] == (
        "sandbox allow-scripts; frame-ancestors 'self'"
    )
    assert drawn.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert drawn.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in drawn.text


def test_every_other_page_stays_out_of_frames(client, mine):
    policy = client.get(mine).headers["Content-Security-Policy"]

    assert "frame-ancestors 'none'" in policy
    assert "frame-src 'self'" in policy
    assert client.get(mine).headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("place", ["", BANNER])
def test_nobody_else_sees_it(client, app, acts_for, mine, place):
    stranger = app.test_client()
    assert stranger.get(mine + place).status_code == 404

    acts_for("f" * 32)

    assert client.get(mine + place).status_code == 404


@pytest.mark.parametrize("number", ["0", "99", "99999999999999999999", "x"])
def test_what_is_no_record_is_not_found(client, mine, number):
    assert client.get(f"/shop/records/{number}/replay").status_code == 404


def test_a_record_without_subject_belongs_to_nobody(client, acts_for, app):
    record(client, {"analytics": "refused"}, secret=None, layout="box")
    acts_for(SECRET)

    assert client.get("/shop/records/1/replay").status_code == 404


def test_an_unknown_site_has_none(client):
    assert client.get("/nowhere/records/1/replay").status_code == 404


def test_a_withdrawal_says_that_no_banner_was_shown(client, acts_for):
    given = record(client, {"analytics": "granted"})
    number = withdraw(client, given["token"]).json["number"]
    acts_for(SECRET)

    page = client.get(f"/shop/records/{number}/replay").text

    assert "Made through the API: no banner was shown for it." in page
    assert "<iframe" not in page
    assert "not allowed" in page


def test_what_was_decided_earlier_says_since_when(client, acts_for):
    first = record(client, {"analytics": "granted"})["number"]
    second = record(client, {"marketing": "granted"}, after=first)["number"]
    acts_for(SECRET)

    page = client.get(f"/shop/records/{second}/replay").text

    assert f"(since record {first})" in page
