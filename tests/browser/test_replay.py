"""What is replayed from the ledger is what the visitor really had on the screen."""

import pytest
from playwright.sync_api import expect

from consent.domain.tokens import read_unverified
from consent.services import replays, stages
from tests.browser.appearance import publish_dressed
from tests.browser.page import ENGLISH, GERMAN, Banner, Dialog

pytestmark = pytest.mark.browser

WIDTHS = [320, 1280]
SITE = "other"
LOOKS = [
    {"layout": "bar", "position": "top", "theme": "dark", "radius": 0},
    {"layout": "modal", "light": {"accent": "#6b2fb3", "button": "#3d1a66"}},
]
LOOK = """(host) => [
  ...host.children, ...host.shadowRoot.querySelectorAll("dialog, dialog *"),
].map((part) => {
  const { x, y, width, height } = part.getBoundingClientRect();
  const { color, backgroundColor, fontSize } = getComputedStyle(part);
  const text = part.children.length ? "" : part.textContent;
  const box = [x, y, width, height];
  return [part.localName, text, part.checked, box, color, backgroundColor, fontSize];
})"""


@pytest.fixture
def draw(ledger, tmp_path):
    """Return a function that writes the replay of a record as a page of its own."""

    def drawn(site, number):
        ledger.follower.poll()
        file = tmp_path / f"{number}.html"
        page = stages.page(ledger, replays.replay(ledger, site, number))
        file.write_text(page, "utf-8")
        return file.as_uri()

    return drawn


def looks(page, banner):
    """Return how each part of the banner looks and where it is, at each width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found.append(banner.root.evaluate(LOOK))
    return found


in_both_languages = pytest.mark.parametrize(
    ("locale", "words"), [("en-US", ENGLISH), ("de-DE", GERMAN)], ids=["en", "de"]
)


def number_of(site):
    return read_unverified(site.token())[1].number


def drawn_in(visitor, address, words=ENGLISH):
    """Return page, banner and dialog of a replay."""
    page = visitor.context.new_page()
    page.goto(address)
    return page, Banner(page, words), Dialog(page, words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@in_both_languages
def test_the_box_is_drawn_as_it_was(new_visitor, draw, locale, words, scheme):
    visitor = new_visitor(locale=locale, color_scheme=scheme)
    site = visitor.visit_site(SITE, words=words)
    live = looks(site.page, site.banner)
    site.accept()

    page, banner, _ = drawn_in(visitor, draw(SITE, number_of(site)), words)

    assert looks(page, banner) == live
    assert visitor.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@in_both_languages
def test_the_settings_are_drawn_as_they_were(new_visitor, draw, locale, words, scheme):
    visitor = new_visitor(locale=locale, color_scheme=scheme)
    site = visitor.visit_site(SITE, words=words)
    site.banner.settings.click()
    expect(site.dialog.root).to_be_visible()
    live = looks(site.page, site.banner)
    site.dialog.accept.click()
    site.wait_until_recorded()

    page, banner, dialog = drawn_in(visitor, draw(SITE, number_of(site)), words)

    expect(dialog.root).to_be_visible()
    assert looks(page, banner) == live
    assert visitor.errors == []


@pytest.mark.parametrize("appearance", LOOKS, ids=["bar", "modal"])
def test_the_layout_is_that_of_its_publication(
    new_visitor, draw, ledger, town, appearance
):
    dressed = publish_dressed(ledger, town, **appearance)
    visitor = new_visitor(locale="de-DE")
    site = visitor.visit_site(dressed, words=GERMAN)
    live = looks(site.page, site.banner)
    site.accept()
    number = number_of(site)
    other = {"layout": "box", "position": "top-end"}
    publish_dressed(ledger, town, dressed, **other)

    page, banner, _ = drawn_in(visitor, draw(dressed, number), GERMAN)
    banner.reject.wait_for()

    assert looks(page, banner) == live
    assert visitor.errors == []


def test_who_came_back_is_shown_what_they_found(visitor, draw):
    site = visitor.visit_site(SITE)
    site.accept()
    site.open_dialog()
    live = looks(site.page, site.banner)
    site.dialog.switch("Reader statistics").uncheck()
    site.dialog.save.click()
    site.wait_until_recorded()

    page, banner, dialog = drawn_in(visitor, draw(SITE, number_of(site)))

    expect(dialog.switch("Reader statistics")).to_be_checked()
    assert looks(page, banner) == live


@pytest.mark.parametrize("layer", ["banner", "dialog"])
def test_what_was_said_of_gpc_is_drawn_too(visitor, draw, layer):
    signal = "Navigator.prototype.globalPrivacyControl = true"
    visitor.context.add_init_script(signal)
    site = visitor.visit_site("signals")
    if layer == "dialog":
        site.banner.settings.click()
        expect(site.dialog.root).to_be_visible()
    live = looks(site.page, site.banner)
    getattr(site, layer).accept.click()
    site.wait_until_recorded()

    page, banner, _ = drawn_in(visitor, draw("signals", number_of(site)))

    assert "Global Privacy Control" in str(live)
    assert looks(page, banner) == live


def test_a_replay_does_nothing(visitor, draw):
    site = visitor.visit_site(SITE)
    site.banner.settings.click()
    site.dialog.accept.click()
    site.wait_until_recorded()
    address = draw(SITE, number_of(site))
    before = len(visitor.requests), kept(visitor)

    page, _, dialog = drawn_in(visitor, address)
    for button in (dialog.reject, dialog.accept, dialog.save, dialog.close):
        button.click()
    dialog.switch("Reader statistics").click()
    dialog.preferences.click()
    for _ in range(2):
        page.keyboard.press("Escape")

    expect(dialog.root).to_be_visible()
    expect(dialog.switch("Reader statistics")).not_to_be_checked()
    assert page.url == address
    assert (len(visitor.requests) - 1, kept(visitor)) == before
    assert visitor.errors == []


def kept(visitor):
    """Return the browser's cookies; the live page may still be renewing their term."""
    return {one["name"]: one["value"] for one in visitor.context.cookies()}


def test_the_subject_sees_its_replay_in_the_page(visitor, town):
    shop = visitor.visit_shop()
    shop.accept()
    number = number_of(shop)
    center = shop.follow_to_center()
    cookies = visitor.context.cookies()

    service = town.places.service.address
    center.page.goto(f"{service}/hummingbytes/records/{number}/replay")

    frame = center.page.frame_locator("iframe")
    banner = Banner(frame, ENGLISH)
    banner.accept.click()
    expect(banner.heading).to_have_text("You decide what we may measure")
    expect(banner.reject).to_be_visible()
    assert visitor.context.cookies() == cookies
    assert visitor.errors == []


def test_a_replay_is_complete_without_script(new_visitor, visitor, town):
    shop = visitor.visit_shop()
    shop.accept()
    number = number_of(shop)
    shop.follow_to_center()
    state = visitor.context.storage_state()
    plain = new_visitor(java_script_enabled=False, storage_state=state)
    page = plain.context.new_page()

    service = town.places.service.address
    page.goto(f"{service}/hummingbytes/records/{number}/replay")

    expect(page.get_by_role("heading", level=1)).to_have_text("What you saw")
    shown = page.get_by_role("region", name="What was shown")
    expect(shown.get_by_role("listitem")).to_have_text(
        ["Reject all", "Accept all", "Settings"]
    )
    chosen = page.get_by_role("region", name="What you chose")
    expect(chosen).to_contain_text("Marketing: allowed")
