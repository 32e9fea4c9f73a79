"""The page that describes the API is read by anybody, and tried with a script."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CHECKS = "POST /v1/{site}/checks"
VERDICT = "GET /v1/{site}/check/{purpose}"


def open_docs(visitor):
    """Open the page; return it."""
    page = visitor.context.new_page()
    page.goto(f"{visitor.town.places.service.address}/docs")
    return page


def unfold(page, name):
    """Unfold what is said of a call; return it."""
    call = page.locator("details").filter(has=page.get_by_role("heading", name=name))
    call.locator("summary").click()
    return call


def test_a_call_is_sent_as_it_is_filled_in_and_its_answer_shown(visitor):
    page = open_docs(visitor)
    call = unfold(page, CHECKS)

    call.get_by_label("Body").fill('{"checks": [{"purpose": "necessary"}]}')
    call.get_by_role("button", name="Send").click()

    expect(call.get_by_role("status")).to_contain_text("200")
    expect(call.get_by_role("status")).to_contain_text('"reason": "necessary"')

    call.get_by_label("Body").fill('{"checks": 1}')
    call.get_by_role("button", name="Send").click()

    expect(call.get_by_role("status")).to_contain_text("urn:consent:malformed_body")


def test_what_an_answer_says_in_its_headers_is_shown(visitor):
    call = unfold(open_docs(visitor), VERDICT)

    call.get_by_label("purpose").fill("telepathy")
    call.get_by_role("button", name="Send").click()

    expect(call.get_by_role("status")).to_contain_text("consent-verdict: unknown")


def test_without_scripts_everything_is_there_to_read(new_visitor):
    page = open_docs(new_visitor(java_script_enabled=False))

    call = unfold(page, CHECKS)
    expect(call.get_by_text("10000 at most")).to_have_count(0)
    expect(call.get_by_text("an API key of the site")).to_be_visible()
    call.get_by_role("link", name="ChecksRequest").click()

    expect(page.get_by_text("10000 at most")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
