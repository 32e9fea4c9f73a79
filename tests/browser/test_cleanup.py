"""What tools left on the site's own host goes when their purpose is withdrawn."""

import pytest

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

LEFT = {
    "analytics": {"_pk_id.1.ab12", "_pk_ses.1.ab12"},
    "marketing": {"_gcl_au"},
    "nobody": {"_pk", "x_pk_id.1", "hb_session"},
}
NAMES = set().union(*LEFT.values())
LEAVE = """(names) => {
  for (const name of names) {
    for (const path of ["/", "/privacy"]) document.cookie = `${name}=1;Path=${path}`;
    localStorage[name] = sessionStorage[name] = "1";
  }
}"""
FIND = """() => [
  ...document.cookie.split("; ").map((pair) => pair.split("=")[0]),
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
]"""


def left_on(page):
    """Return how often each name that tools left is found."""
    found = page.evaluate(FIND)
    return {name: found.count(name) for name in NAMES if name in found}


@pytest.fixture
def page(shop):
    """A page on which everything was allowed, and left something."""
    shop.accept()
    shop.page.goto(shop.page.url + "privacy")
    shop.banner.reopen.wait_for()
    shop.page.evaluate(LEAVE, [*NAMES])
    assert left_on(shop.page) == dict.fromkeys(NAMES, 4)
    return shop.page


def test_withdrawing_deletes_it_on_every_path_and_leaves_the_rest(shop, page):
    page.evaluate("consent.withdraw()")

    assert eventually(lambda: left_on(page) == dict.fromkeys(LEFT["nobody"], 4))


def test_what_is_still_allowed_keeps_its_own(shop, page):
    shop.open_dialog()
    shop.dialog.switch("Analytics").uncheck()
    shop.dialog.save.click()

    kept = dict.fromkeys(LEFT["nobody"] | LEFT["marketing"], 4)
    assert eventually(lambda: left_on(page) == kept)


def test_what_a_tool_left_behind_after_that_is_gone_on_the_next_page(shop, page):
    page.evaluate("consent.withdraw()")
    assert eventually(lambda: "_gcl_au" not in left_on(page))
    page.evaluate(LEAVE, [*NAMES])

    page.reload()
    shop.banner.reopen.wait_for()

    assert left_on(page).keys() == LEFT["nobody"]
    assert "consent_hummingbytes" in page.evaluate("document.cookie")
