import pytest
from playwright.sync_api import expect

from tests.browser.page import ENGLISH, GERMAN, words_of

pytestmark = pytest.mark.browser


ARABIC, JAPANESE = words_of("ar"), words_of("ja")


@pytest.fixture
def german(new_visitor):
    """Return a visitor whose browser asks for German."""
    return new_visitor(locale="de-DE")


def test_a_german_browser_gets_german_texts(german):
    shop = german.visit_shop(words=GERMAN)

    expect(shop.banner.root).to_have_attribute("lang", "de")
    expect(shop.banner.heading).to_have_text("Sie entscheiden, was wir messen dürfen")
    shop.banner.settings.click()
    expect(shop.dialog.switch("Statistik")).to_be_visible()


def test_the_language_goes_along_to_the_preference_center(german):
    shop = german.visit_shop(words=GERMAN)

    shop.banner.preferences.click()

    html = shop.page.locator("html")
    expect(html).to_have_attribute("lang", "de")
    expect(shop.page.get_by_role("heading", level=1)).to_have_text(
        "Datenschutzeinstellungen"
    )


def test_a_language_the_site_does_not_speak_gets_the_first_of_its_own(new_visitor):
    shop = new_visitor(locale="fi-FI").visit_shop()

    expect(shop.banner.root).to_have_attribute("lang", "en")


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        ("galician", ["consent: standard texts are not translated into gl"]),
        ("japanese", []),
    ],
)
def test_standard_texts_that_stay_english_are_said_in_the_console(
    visitor, name, warnings
):
    told = []
    visitor.context.on("console", lambda message: told.append(message.text))

    visitor.visit_site(name, words=ENGLISH if warnings else JAPANESE)

    assert told == warnings


def test_from_right_to_left_everything_is_mirrored(visitor):
    site = visitor.visit_site("arabic", words=ARABIC)

    expect(site.banner.root).to_have_attribute("lang", "ar")
    expect(site.banner.root).to_have_attribute("dir", "rtl")
    assert middle(site.banner.reject) > middle(site.banner.accept)
    assert right_edge(site.banner.root) == site.page.viewport_size["width"] - 16
    expect(site.banner.heading).to_have_css("direction", "rtl")


def test_the_dialog_is_mirrored_too(visitor):
    site = visitor.visit_site("arabic", words=ARABIC)

    site.banner.settings.click()

    expect(site.dialog.root).to_have_css("direction", "rtl")
    assert middle(site.dialog.reject) > middle(site.dialog.accept)
    heading = site.dialog.root.get_by_role("heading")
    assert middle(site.dialog.close) < middle(heading)


def test_a_page_from_right_to_left_does_not_turn_an_english_banner(visitor):
    script = "<script>document.documentElement.dir = 'rtl'</script>"

    site = visitor.visit_site("other", script)

    expect(site.banner.heading).to_have_css("direction", "ltr")
    assert middle(site.banner.reject) < middle(site.banner.accept)


def middle(locator):
    """Return where the middle of something is, from the left."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2


def right_edge(locator):
    """Return where something ends on the right."""
    box = locator.bounding_box()
    return box["x"] + box["width"]
