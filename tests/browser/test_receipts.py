import pytest
from playwright.sync_api import expect

from consent.domain import receipts
from tests.browser.page import eventually

pytestmark = pytest.mark.browser

SECRET_COOKIE = "consent_hummingbytes_secret"
PHONE = {"width": 320, "height": 568}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CARRIED = """
    const text = document.getElementById("receipt").firstChild;
    const receipt = JSON.parse(text.data);
    const { evidence } = receipt;
"""
WRITTEN_BACK = "text.data = JSON.stringify(receipt);"
# Each changes one thing of a receipt page before its visitor asks.
FORGERIES = {
    "the notice's words": """
        const words = document.querySelector('[data-from$="description.en"]');
        words.textContent = "Harmless.";
    """,
    "the decision": """
        const decision = '[data-from="record.decisions.analytics.decision"]';
        document.querySelector(decision).value = "refused";
    """,
    "the salt": f"""
        {CARRIED}
        evidence.record.salt = btoa("x".repeat(32));
        {WRITTEN_BACK}
    """,
    "the size of the ledger": rf"""
        {CARRIED}
        const {{ proof }} = evidence.record;
        evidence.record.proof = proof.replace(/ledger\n/, "ledger\n9");
        {WRITTEN_BACK}
    """,
}


@pytest.fixture
def records(visitor):
    """Allow analytics, and follow the link to one's records."""
    return open_records(visitor)


@pytest.fixture
def receipt(records):
    """Open the receipt of the newest record."""
    return open_receipt(records)


def open_records(visitor):
    center = visitor.visit_center()
    center.answer("Analytics", "Allow").click()
    expect(center.said).to_contain_text("Recorded as number")
    center.page.get_by_role("link", name="Your records").click()
    return center.page


def open_receipt(page):
    page.get_by_role("link", name="Receipt").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Receipt")
    return page


def verify(page):
    page.get_by_role("button", name="Verify in this browser").click()
    return page.get_by_role("status")


def test_the_browser_itself_finds_a_genuine_receipt_valid(visitor, receipt):
    asked = len(visitor.requests)

    expect(verify(receipt)).to_contain_text(
        "Valid. The ledger signed with the key below"
    )

    assert len(visitor.requests) == asked
    assert visitor.errors == []


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_receipt_is_called_invalid(receipt, forgery):
    receipt.evaluate(f"() => {{ {FORGERIES[forgery]} }}")

    expect(verify(receipt)).to_contain_text("Invalid: this receipt was changed")


def test_a_browser_that_cannot_verify_says_so(receipt):
    receipt.evaluate(
        "() => { crypto.subtle.generateKey = () => Promise.reject(new Error('no')) }"
    )

    expect(verify(receipt)).to_contain_text("This browser cannot verify")


def test_without_javascript_the_receipt_is_there_to_take_away(new_visitor):
    page = open_receipt(open_records(new_visitor(java_script_enabled=False)))

    expect(page.get_by_role("button", name="Verify in this browser")).to_be_hidden()
    expect(page.get_by_text("consent receipt verify FILE")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this receipt").click()
    (document,) = receipts.read(download.value.path().read_bytes())
    assert "analytics" in receipts.verify(document).record.decisions


def test_without_javascript_everything_is_erased_after_one_question(new_visitor):
    visitor = new_visitor(java_script_enabled=False)
    page = open_records(visitor)

    page.get_by_role("link", name="Erase everything about me").click()
    page.get_by_role("button", name="Erase everything now").click()

    expect(page.get_by_role("status")).to_contain_text("Erased.")
    expect(page.get_by_text("This browser holds nothing")).to_be_visible()
    assert len(visitor.visit_center().page.context.cookies()) == 1


def test_the_shop_forgets_who_was_erased_and_keeps_what_was_refused(visitor, shop):
    shop.accept()
    shop.open_dialog()
    shop.dialog.switch("Marketing").click()
    shop.dialog.save.click()
    shop.wait_until_recorded()
    assert SECRET_COOKIE in visitor.cookies()
    center = shop.follow_to_center()
    page = center.page
    page.get_by_role("link", name="Your records").click()
    page.get_by_role("link", name="Erase everything about me").click()
    page.get_by_role("button", name="Erase everything now").click()
    expect(page.get_by_role("status")).to_contain_text("Erased.")

    again = visitor.visit_shop()

    eventually(lambda: SECRET_COOKIE not in visitor.cookies())
    again.wait_until_recorded()
    assert not again.allows("analytics")
    assert not again.allows("marketing")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_small_phone(new_visitor, scheme):
    page = open_records(new_visitor(viewport=PHONE, color_scheme=scheme))
    assert page.evaluate(OVERFLOW) == 0

    page.get_by_role("link", name="Erase everything about me").click()
    assert page.evaluate(OVERFLOW) == 0
    page.get_by_role("link", name="Keep it").click()

    assert open_receipt(page).evaluate(OVERFLOW) == 0


def test_every_link_and_button_is_large_enough_for_a_finger(receipt):
    for target in receipt.locator(".button:visible").all():
        assert target.bounding_box()["height"] >= 44


def test_a_receipt_prints_whole_and_without_buttons(receipt):
    receipt.emulate_media(media="print")

    expect(receipt.get_by_text("What it was about")).to_be_visible()
    expect(receipt.get_by_text("Matomo Cloud").first).to_be_visible()
    expect(receipt.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with", "without"])
def test_the_whole_history_is_there_with_and_without_javascript(new_visitor, scripts):
    visitor = new_visitor(java_script_enabled=scripts)
    center = visitor.visit_center()
    for name in ("Allow", "Do not allow"):
        center.answer("Analytics", name).click()
        expect(center.said).to_contain_text("Recorded as number")
        center.wait_until_settled()
    center.page.get_by_role("link", name="Your records").click()
    page = center.page

    records = page.get_by_role("listitem").filter(has=page.get_by_role("heading"))
    expect(records).to_have_count(2)
    expect(records.first).to_contain_text("Consent withdrawn, in the privacy settings")
    expect(records.first).to_contain_text("Not allowed: Analytics")
    with page.expect_download() as all_of_it:
        page.get_by_role("link", name="Download everything").click()
    found = receipts.read(all_of_it.value.path().read_bytes())
    assert len([receipts.verify(one) for one in found]) == 2

    page.get_by_role("link", name="Erase everything about me").click()
    expect(page.get_by_role("heading", name="What remains")).to_be_visible()
    page.get_by_role("button", name="Erase everything now").click()
    expect(page.get_by_role("status")).to_contain_text("Erased.")
    expect(records).to_have_count(0)


def test_a_receipt_is_printed_by_a_button(receipt):
    receipt.evaluate("window.print = () => (window.printed = true)")

    receipt.get_by_role("button", name="Print").click()

    assert receipt.evaluate("window.printed")
