"""What every page tells the browser to refuse, whatever page it is."""

from urllib.parse import urlsplit

import pytest

from tests.web.asking import post, size
from tests.web.filling import HERE
from tests.web.pages import PREFERENCES, SITE, Forms, addresses

# The banner drawn again runs its own script, apart from everything of ours.
APART = "replay.banner"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cache-Control": "no-store",
}
REFUSED_FEATURES = {"camera", "microphone", "geolocation", "payment", "usb"}
# Programs post it; it changes nothing. A link's own text is what nobody can make up.
WITHOUT_TOKEN = {
    "consent.web.api.check",
    "consent.web.gateways.report",
    "consent.web.links.withdraw",
}


@pytest.fixture
def app(walked):
    """Return the service whose pages these are."""
    return walked[0]


@pytest.fixture
def own_pages(pages):
    """Return those that the visitor sees as pages of ours, and nobody else's."""
    return {
        name: page
        for name, page in pages.items()
        if not (name.startswith(APART) and page.status_code == 200)
        and not is_for_everybody(page)
    }


def is_for_everybody(page):
    """Tell whether it is a part for other people's pages."""
    return page.headers.get("Access-Control-Allow-Origin") == "*"


def test_every_page_runs_nothing_but_our_own_files_and_is_framed_by_nobody(own_pages):
    for name, page in own_pages.items():
        told = policy(page)

        assert POLICY.items() <= told.items(), name
        assert not any("unsafe" in value or "*" in value for value in told.values())


def test_every_page_has_the_headers_that_shut_others_out(own_pages):
    for name, page in own_pages.items():
        assert HEADERS.items() <= dict(page.headers).items(), name
        refused = page.headers["Permissions-Policy"].split(", ")
        assert {f"{one}=()" for one in REFUSED_FEATURES} <= {*refused}, name


def test_no_page_has_anything_inline(own_pages):
    for name, page in own_pages.items():
        assert Forms(page.text).inline == [], name


def test_the_banner_drawn_again_is_shut_in_a_sandbox(pages):
    page = pages[f"{APART} of the holder"]

    told = policy(page)
    assert told["sandbox"] == "allow-scripts"
    assert told["frame-ancestors"] == "'self'"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_for_everybody_holds_nothing_of_anybody(pages):
    for name, page in pages.items():
        if is_for_everybody(page):
            assert "Set-Cookie" not in page.headers, name
            assert Forms(page.text).forms == [], name


def test_every_form_that_changes_something_carries_its_token(app, pages):
    found = [
        (name, form)
        for name, page in pages.items()
        for form in Forms(page.text).forms
        if form.method == "post" and not takes_no_token(app, form.action)
    ]

    assert len(found) > 5
    for name, form in found:
        assert form.fields.get("csrf_token"), (name, form.action)


def test_no_address_changes_anything_without_a_token(app):
    runtime = app.extensions["consent"]
    before = size(runtime, SITE)

    for _endpoint, address in addresses(app, "POST"):
        if takes_no_token(app, address):
            continue
        sent = {"decision": "refused", "csrf_token": "wrong"}
        answer = app.test_client().post(address, data=sent, headers=HERE)
        assert answer.status_code >= 300, address

    assert size(runtime, SITE) == before


def test_nothing_but_what_is_listed_here_is_taken_without_a_token(app):
    csrf = app.extensions["csrf"]

    assert csrf._exempt_views == WITHOUT_TOKEN
    assert not csrf._exempt_blueprints


def test_cookies_of_the_pages_are_hidden_from_scripts_and_from_other_sites(own_pages):
    set_here = [
        cookie
        for page in own_pages.values()
        for cookie in page.headers.getlist("Set-Cookie")
    ]

    assert set_here
    for cookie in set_here:
        assert "; HttpOnly" in cookie
        assert "; SameSite=Lax" in cookie
        assert "; Domain" not in cookie


def test_no_answer_of_an_act_is_taken_for_something_else(app):
    client = app.test_client()

    for act in ("records", "withdrawals", "head", "history"):
        answer = post(client, act, {}, site=SITE)

        assert answer.headers["X-Content-Type-Options"] == "nosniff", act


def test_pages_load_nothing_from_anywhere_else(own_pages):
    """Links lead elsewhere; what is loaded comes from here."""
    for name, page in own_pages.items():
        loaded = policy(page)
        for kind in ("script-src", "style-src", "img-src", "frame-src", "connect-src"):
            assert set(loaded[kind].split()) <= {"'self'", "data:"}, (name, kind)


def takes_no_token(app, action):
    """Tell whether an address is one of those listed."""
    adapter = app.url_map.bind("localhost")
    endpoint, _values = adapter.match(urlsplit(action).path, method="POST")
    view = app.view_functions[endpoint]
    return f"{view.__module__}.{view.__name__}" in WITHOUT_TOKEN


def policy(page):
    """Return a page's Content-Security-Policy by its parts."""
    parts = page.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def test_the_walk_comes_by_every_state_of_the_preference_center(pages):
    """The counterpart: what is asserted of every page is asserted of these."""
    shown = {name.partition(" ")[0] for name in pages}
    assert shown >= {"preferences.show", "records.show", "receipts.show", "replay.show"}
    assert "Allowed by you on" in pages["preferences.show of the holder"].text
    assert PREFERENCES in pages["records.show of the holder"].text
    assert pages["nowhere"].status_code == 404
    assert pages["another method"].status_code == 405
    assert pages["too large"].status_code == 413
    assert "Please confirm" in pages["preferences.withdraw without a token"].text
