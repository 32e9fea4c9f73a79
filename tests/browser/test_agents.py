"""Programs that come in a visitor's place: those that refuse, and those that read."""

import json

import pytest
from playwright.sync_api import expect

from consent.services.languages import catalogues
from tests.browser.page import ENGLISH, GERMAN, Site, eventually
from tests.packaging.tools import ROOT

pytestmark = pytest.mark.browser

AUTOCONSENT = ROOT / "node_modules" / "@duckduckgo" / "autoconsent"
# The whole package as one script: its rules, its heuristics, and what it says it did.
STANDALONE = AUTOCONSENT / "dist" / "autoconsent.standalone.js"
DONE = """() => {
  const { lifecycle, detectedCmps, clicks } = autoconsentStandalone.instance.state;
  return { lifecycle, detectedCmps, clicks };
}"""
BY_ITS_HEURISTICS_IN_ONE_STEP = {
    "lifecycle": "done",
    "detectedCmps": ["HEURISTIC-REJECT"],
    "clicks": 1,
}
# Both lists of the package know these languages: the one that tells a banner by its
# words, and the one that tells its button.
KNOWN = ["en", "de", "es", "fr", "it", "nl", "pl"]
GOOGLEBOT = (
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36 "
    "(compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
)


@pytest.fixture
def new_agent(new_visitor):
    """Return a function that lets a visitor come whose browser refuses by itself."""

    def come(locale):
        visitor = new_visitor(locale=locale)
        visitor.context.add_init_script(path=STANDALONE)
        return visitor

    return come


@pytest.mark.parametrize(
    ("locale", "words"), [("en-US", ENGLISH), ("de-DE", GERMAN)], ids=["en", "de"]
)
def test_autoconsent_refuses_everything_in_one_step(new_agent, town, locale, words):
    number = town.mark()
    agent = new_agent(locale)

    shop = agent.visit_shop(words=words)
    shop.wait_until_recorded()

    assert shop.page.evaluate(DONE) == BY_ITS_HEURISTICS_IN_ONE_STEP
    assert shop.send_event_anyway() == "HELD refused"
    assert [event for event in agent.asked(town.places.gateway) if "GET" in event] == []
    assert list(agent.cookies()) == ["consent_hummingbytes"]
    assert town.records_after(number) == [number + 1]
    assert decided(agent) == ["refused", "refused", "refused"]


def test_it_does_so_in_every_language_that_both_speak(new_agent, town):
    """All at once: it takes its time to look."""
    locales = [locale for locale in KNOWN if locale in catalogues()]
    agents = {locale: new_agent(locale) for locale in locales}
    sites = {locale: visit_many(agent, town) for locale, agent in agents.items()}

    for locale, site in sites.items():
        found = eventually(
            lambda site=site: site.page.evaluate(DONE),
            lambda state: state["lifecycle"] in {"done", "nothingDetected"},
        )
        assert found == BY_ITS_HEURISTICS_IN_ONE_STEP, locale
        eventually(site.token)
        assert decided(agents[locale]) == ["refused"], locale


def test_nothing_in_the_banner_looks_like_another_banner(shop):
    """Heuristics take the innermost of what is fixed, sticky or a dialog."""
    looks = shop.banner.root.evaluate(
        """(host) => [host, ...host.querySelectorAll("*")].map((it) =>
          [it.localName, getComputedStyle(it).position, it.role])"""
    )

    (host, *inside) = looks
    assert host == ["consent-banner", "fixed", "region"]
    assert len(inside) == 8
    assert {(position, role) for _, position, role in inside} == {("static", None)}


def test_the_names_that_the_docs_give_to_rules_are_there(shop):
    """What is driven by rules clicks without pointing: a plain click is enough."""
    button = shop.page.locator('consent-banner:not([folded]) button[name="reject"]')

    button.evaluate("(it) => it.click()")

    shop.wait_until_recorded()
    expect(button).to_have_count(0)
    assert shop.send_event_anyway() == "HELD refused"


@pytest.mark.parametrize("folded", [False, True])
def test_its_texts_stay_out_of_search_results(shop, folded):
    """Search engines mind the attribute on `div`, `section` and `span` alone."""
    if folded:
        shop.reject()

    kept_out = shop.page.locator("div[data-nosnippet]")

    expect(kept_out).to_have_count(1)
    expect(kept_out.get_by_role("region", name=ENGLISH.banner)).to_be_visible()


def test_a_crawler_sees_what_people_see(new_visitor):
    person, crawler = (
        new_visitor(**options).visit_shop()
        for options in ({}, {"user_agent": GOOGLEBOT})
    )

    for one in (person, crawler):
        assert one.banner.root.inner_text()
    assert crawler.banner.root.inner_html() == person.banner.root.inner_html()


def visit_many(agent, town):
    """Open a page of the site that speaks every language; wait for nothing."""
    banner = f"{town.places.service.address}/many/banner.js"
    site = Site(agent.context.new_page())
    site.page.goto(town.open_site("many", f'<script src="{banner}" async></script>'))
    return site


def decided(agent):
    """Return the decisions of the only choice that was posted."""
    (posted,) = (it for it in agent.requests if it.url.endswith("/records"))
    return list(json.loads(posted.post_data)["decisions"].values())
