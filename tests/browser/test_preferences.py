import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(new_visitor):
    """Open the preference center in a browser without JavaScript."""
    return new_visitor(java_script_enabled=False).visit_center()


@pytest.fixture
def center(visitor):
    """Open the preference center in a browser with JavaScript."""
    return visitor.visit_center()


def test_without_javascript_a_grant_is_recorded_and_shown(plain):
    expect(plain.state("analytics")).to_contain_text("you have not decided")

    plain.answer("Analytics", "Allow").click()

    expect(plain.said).to_contain_text("Recorded as number")
    expect(plain.state("analytics")).to_contain_text("Allowed by you on")
    expect(plain.state("marketing")).to_contain_text("Not allowed")
    expect(plain.summary).to_have_text("Allowed now: Analytics")


def test_without_javascript_everything_is_withdrawn_by_one_button(plain):
    plain.answer("Analytics", "Allow").click()
    plain.answer("Marketing", "Allow").click()
    expect(plain.summary).to_have_text("Allowed now: Analytics and Marketing")

    plain.withdraw.click()

    expect(plain.said).to_contain_text("Recorded as number")
    expect(plain.state("analytics")).to_contain_text("you said no on")
    expect(plain.summary).to_have_text("Nothing is allowed now")


def test_without_javascript_a_reload_repeats_nothing(town, plain):
    number = town.mark()
    plain.answer("Analytics", "Allow").click()
    expect(plain.said).to_contain_text(f"Recorded as number {number + 1}")

    plain.page.reload()

    expect(plain.state("analytics")).to_contain_text("Allowed by you on")
    assert town.records_after(number) == [number + 1]


def test_a_no_is_recorded_without_an_identifier(visitor, center):
    center.answer("Analytics", "Do not allow").click()

    expect(center.said).to_contain_text("A no needs no identifier")
    expect(center.state("analytics")).to_contain_text("you said no")
    # It ends with the window, and is the only thing kept.
    (cookie,) = visitor.context.cookies()
    assert cookie["expires"] == -1
    assert cookie["httpOnly"]


def test_htmx_swaps_the_answer_in_without_loading_the_page_anew(visitor, center):
    button = center.answer("Analytics", "Allow")

    button.click()

    expect(center.said).to_contain_text("Recorded as number")
    expect(center.state("analytics")).to_contain_text("Allowed by you on")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert visitor.page_loads() == ["/hummingbytes/preferences"]


@pytest.mark.parametrize("name", ["Allow", "Do not allow"])
def test_the_focus_stays_on_the_button_that_was_pressed(center, name):
    button = center.answer("Analytics", name)
    button.focus()

    center.page.keyboard.press("Enter")

    expect(center.said).to_contain_text("Recorded")
    expect(button).to_be_focused()


def test_the_focus_stays_on_the_withdrawal(center):
    center.answer("Analytics", "Allow").click()
    expect(center.said).to_contain_text("Recorded")
    center.wait_until_settled()

    center.withdraw.focus()
    center.page.keyboard.press("Space")

    expect(center.summary).to_have_text("Nothing is allowed now")
    expect(center.withdraw).to_be_focused()


def test_what_is_said_is_said_in_the_same_place(center):
    """A screen reader reads what changes in a region, not a region that is new."""
    place = center.said.element_handle()

    center.answer("Analytics", "Allow").click()
    expect(center.said).to_contain_text("Recorded as number")

    assert "Recorded as number" in place.text_content()


@pytest.mark.parametrize("scripts", [True, False], ids=["with", "without"])
def test_an_answer_on_a_page_that_was_open_too_long_is_asked_about(
    new_visitor, scripts
):
    visitor = new_visitor(java_script_enabled=scripts)
    center = visitor.visit_center()
    visitor.context.clear_cookies()

    center.answer("Analytics", "Allow").click()
    expect(center.page.get_by_role("heading", level=1)).to_have_text("Please confirm")
    center.page.get_by_role("button", name="Allow", exact=True).click()

    expect(center.said).to_contain_text("Recorded as number")
    expect(center.state("analytics")).to_contain_text("Allowed by you on")


def test_the_way_back_leads_to_the_page_that_was_left(town, shop):
    shop.banner.preferences.click()

    link = shop.page.get_by_role("link", name="Back to shop.localhost")

    expect(link).to_have_attribute("href", f"{town.places.shop.address}/")
