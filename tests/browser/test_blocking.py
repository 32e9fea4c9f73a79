"""Tags that the page did not mark up, held by the hosts that the notice lists."""

import pytest
from playwright.sync_api import expect

from tests.browser.page import Site, eventually

pytestmark = pytest.mark.browser

COUNT = "https://count.example/tag.js"
PAY = "https://pay.example/tag.js"
FREE = "https://unlisted.example/tag.js"
INSERTED = """(address) => {
  const tag = document.createElement("script");
  tag.async = true;
  %s
  document.head.append(tag);
}"""
BY_PROPERTY = INSERTED % "tag.src = address;"
BY_ATTRIBUTE = INSERTED % 'tag.setAttribute("SRC", address);'


@pytest.fixture
def asked(visitor):
    """What was asked of hosts that are not ours."""
    found = []

    def answer(route):
        found.append(route.request.url)
        if "film" in route.request.url:
            route.fulfill(body="<p>Film", content_type="text/html")
        else:
            body = "(window.ran ??= []).push(document.currentScript?.src ?? 'module')"
            route.fulfill(
                body=body,
                content_type="text/javascript",
                headers={"Access-Control-Allow-Origin": "*"},
            )

    visitor.context.route("https://*.example/**", answer)
    return found


@pytest.fixture
def visit(visitor, town, asked):
    """Open a page of a site whose first tag is the banner's, before all others."""

    def opened(site, *tags):
        script = f"{town.places.service.address}/{site}/banner.js"
        page = Site(visitor.context.new_page())
        head = f'<script src="{script}"></script>'
        page.page.goto(town.open_site(site, head + "".join(tags)))
        page.banner.root.wait_for()
        return page

    return opened


def tag(address, attributes=""):
    return f'<script src="{address}" {attributes}></script>'


def ran(site):
    return site.page.evaluate("window.ran ?? []")


def test_a_listed_tag_waits_and_others_run(visit, asked):
    site = visit("blocking", tag(COUNT), tag(PAY), tag(FREE))

    eventually(lambda: ran(site) == [PAY, FREE])

    site.accept()

    eventually(lambda: ran(site) == [PAY, FREE, COUNT])


def test_after_a_no_it_never_runs(visit, asked):
    site = visit("blocking", tag(COUNT))
    site.reject()
    site.page.reload()
    site.banner.reopen.wait_for()

    assert ran(site) == []


@pytest.mark.parametrize("way", [BY_PROPERTY, BY_ATTRIBUTE])
def test_a_tag_that_a_script_inserts_waits_too(visit, asked, way):
    site = visit("blocking")
    for address in (COUNT, FREE):
        site.page.evaluate(way, address)
    eventually(lambda: ran(site) == [FREE])
    assert COUNT not in asked

    site.accept()

    eventually(lambda: ran(site) == [FREE, COUNT])


def test_a_held_module_is_run_as_one(visit, asked):
    site = visit("blocking", tag(COUNT, 'type="module"'))
    assert ran(site) == []

    site.accept()

    eventually(lambda: ran(site) == ["module"])


def test_a_frame_that_a_script_inserts_waits_behind_a_placeholder(visit, asked):
    site = visit("blocking")
    site.page.evaluate(
        """(address) => {
          const frame = document.createElement("iframe");
          Object.assign(frame, { width: 400, height: 200, src: address });
          document.body.append(frame);
        }""",
        "https://tube.example/film",
    )
    said = site.page.get_by_role("group", name="Content from tube.example")
    expect(said).to_be_visible()
    assert asked == []

    site.accept()

    expect(site.page.frame_locator("iframe").get_by_text("Film")).to_be_visible()


def test_a_dry_run_holds_nothing_and_tells_what_it_would_hold(visitor, visit, asked):
    told = []
    visitor.context.on("console", lambda message: told.append(message.text))

    site = visit("reporting", tag(COUNT), tag(PAY))

    eventually(lambda: ran(site) == [COUNT, PAY])
    would = f"consent: would hold {COUNT} until analytics:plausible is allowed"
    assert [line for line in told if "would hold" in line] == [would]


def test_a_site_that_does_not_ask_for_it_is_left_alone(visit, asked):
    site = visit("embeds", tag(COUNT))

    eventually(lambda: ran(site) == [COUNT])
