"""A banner in front of the page: the page waits, unless nobody can see the question."""

import pytest
from playwright.sync_api import expect

from tests.browser.appearance import publish_dressed
from tests.browser.page import GERMAN, eventually

pytestmark = pytest.mark.browser

BODY = "<button onclick='this.name = 1'>Buy</button>"
IS_WAITING = "(host) => host.shadowRoot.querySelector('dialog')?.matches(':modal')"
HIDING = """
  const replace = CSSStyleSheet.prototype.replaceSync;
  CSSStyleSheet.prototype.replaceSync = function (css) {
    replace.call(this, `${css} :host { display: none !important }`);
  };
"""
HIDE = """(host) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":host { display: none !important }");
  host.shadowRoot.adoptedStyleSheets.push(sheet);
}"""
MOST_TABS = 8


@pytest.fixture(scope="module")
def modal(ledger, running_town):
    """Publish a site that asks in front of the page."""
    return publish_dressed(ledger, running_town, layout="modal")


@pytest.fixture
def site(new_visitor, modal):
    """Open its page, which waits."""
    visitor = new_visitor(locale="de-DE")
    found = visitor.visit_site(modal, words=GERMAN, body=BODY)
    found.visitor = visitor
    eventually(lambda: waits(found))
    return found


def waits(site):
    return bool(site.banner.root.evaluate(IS_WAITING))


def buy(site):
    """Press the page's own button; tell whether it was reached."""
    site.page.locator("body button").click()
    return site.page.locator("body button").get_attribute("name") == "1"


def test_the_page_waits_for_the_answer(site):
    for _ in range(MOST_TABS):
        site.page.keyboard.press("Tab")
        focused = site.page.evaluate("document.activeElement.localName")
        assert focused in {"consent-banner", "body", "a", "button"}
        assert not site.page.locator("body button").evaluate(
            "(it) => it.matches(':focus')"
        )

    site.page.mouse.click(20, 20)

    assert site.page.locator("body button").get_attribute("name") is None


def test_it_gives_the_focus_to_no_button(site):
    focused = site.page.evaluate(
        """() => [document.activeElement.localName,
          document.activeElement.shadowRoot?.activeElement.localName]"""
    )

    assert focused == ["consent-banner", "dialog"]
    site.page.keyboard.press("Enter")
    expect(site.banner.reject).to_be_visible()


def test_an_answer_sets_the_page_free(site):
    site.reject()

    expect(site.banner.reopen).to_be_focused()
    assert not waits(site)
    assert buy(site)


def test_the_settings_open_in_front_of_it_and_go_back_to_it(site):
    site.banner.settings.click()
    expect(site.dialog.root).to_be_visible()
    site.page.keyboard.press("Escape")
    expect(site.dialog.root).to_be_hidden()
    assert waits(site)

    site.banner.settings.click()
    site.dialog.accept.click()

    site.wait_until_recorded()
    expect(site.banner.reopen).to_be_focused()
    assert not waits(site)


def test_escape_puts_the_question_aside_and_answers_nothing(site):
    for _ in range(2):
        site.page.keyboard.press("Escape")

    eventually(lambda: not waits(site))
    assert buy(site)
    expect(site.banner.reject).to_be_visible()
    assert site.token() is None
    assert site.visitor.context.cookies() == []
    site.page.reload()
    site.banner.root.wait_for()
    eventually(lambda: waits(site))


def test_who_hides_it_has_the_page_set_free(site):
    site.banner.root.evaluate(HIDE)

    eventually(lambda: buy(site))


def test_who_removes_it_has_the_page_set_free(site):
    site.banner.root.evaluate("(host) => host.remove()")

    assert buy(site)


def test_hidden_from_the_start_it_never_makes_the_page_wait(new_visitor, modal):
    visitor = new_visitor(locale="de-DE")
    page = visitor.context.new_page()
    page.add_init_script(HIDING)
    script = f"{visitor.town.places.service.address}/{modal}/banner.js"
    tag = f'<script src="{script}" async></script>'
    page.goto(visitor.town.open_site(modal, tag, BODY))
    page.locator("consent-banner").wait_for(state="attached")

    page.locator("body button").click()

    expect(page.locator("consent-banner")).to_be_hidden()
    expect(page.locator("body button")).to_have_attribute("name", "1")
