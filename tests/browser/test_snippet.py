"""What `consent site snippet` prints, pasted into a page that admits nothing else."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.page import Center, Site

pytestmark = pytest.mark.browser

STRICT = "default-src 'none'; require-trusted-types-for 'script'"


@pytest.fixture
def lines(town):
    """Return the lines of the snippet, as the service at this address prints it."""
    address = f"CONSENT_ADDRESS={town.places.service.address}"
    command = ("env", address, *town.service.command)
    service = replace(town.service, command=command)
    return service.run("site", "snippet", "other").splitlines()


def beginning(lines, start):
    """Return the first line that begins like this."""
    return next(line for line in lines if line.startswith(start))


def test_a_page_that_admits_nothing_else_asks_opens_the_settings_and_records(
    visitor, town, lines
):
    policy = [beginning(lines, name) for name in ("script-src", "trusted-types")]
    content = "; ".join([STRICT, *policy])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
    head = meta + beginning(lines, "<script")
    site = Site(visitor.context.new_page())
    site.page.goto(town.open_site("other", head))

    site.banner.settings.click()
    site.dialog.switch("Reader statistics").check()
    site.dialog.save.click()
    site.wait_until_recorded()

    assert site.allows("analytics")
    assert visitor.errors == []


def test_who_has_no_javascript_finds_the_preference_center(new_visitor, town, lines):
    visitor = new_visitor(java_script_enabled=False)
    center = Center(visitor.context.new_page())
    links = [line for line in lines if line.startswith("<noscript>")]
    center.page.goto(town.open_site("other", f"</head><body>{''.join(links)}"))

    center.page.get_by_role("link", name="Cookie-Auswahl").click()

    expect(center.page.locator("html")).to_have_attribute("lang", "de")
    assert "/other/preferences" in center.page.url
