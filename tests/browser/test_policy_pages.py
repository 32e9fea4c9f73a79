"""The pages of the cookie policy and of the privacy policy in a real browser."""

import pytest
import yaml
from playwright.sync_api import expect

from examples.demo.places import SITE, SITE_FILES
from tests.browser.page import Center
from tests.browser.test_accessibility import AXE, violations

pytestmark = pytest.mark.browser

NOTHING_WIDER = "document.documentElement.scrollWidth <= innerWidth"
in_either_browser = pytest.mark.parametrize(
    "scripts", [True, False], ids=["scripts", "no scripts"]
)


class CookiePolicy(Center):
    """The cookie policy, whose controls are those of the preference center."""

    def __init__(self, page):
        super().__init__(page)
        self.search = page.get_by_role("searchbox", name="Search")
        self.press_search = page.get_by_role("button", name="Search")
        self.found = page.locator("#found")

    def names(self, purpose):
        """Return the names in the list of a purpose, from top to bottom."""
        rows = self.list(purpose).get_by_role("rowheader")
        return rows.all_inner_texts()

    def list(self, purpose):
        """Return the list of a purpose."""
        return self.page.get_by_role("table", name=purpose)

    def column(self, purpose, name):
        """Return the head of a column in the list of a purpose."""
        return self.list(purpose).get_by_role("columnheader", name=name)


@pytest.fixture
def visit(new_visitor, town):
    """Return a function that opens a policy of the sample site."""

    def open_page(name, **options):
        visitor = new_visitor(**options)
        visitor.context.add_init_script(path=AXE)
        page = visitor.context.new_page()
        page.goto(f"{town.places.service.address}/{SITE}/{name}")
        return CookiePolicy(page)

    return open_page


@in_either_browser
def test_a_list_is_sorted_by_the_heads_of_its_columns(visit, scripts):
    policy = visit("cookies", java_script_enabled=scripts)

    policy.column("Marketing", "How long").get_by_role("link").click()
    expect(policy.column("Marketing", "How long")).to_have_attribute(
        "aria-sort", "ascending"
    )
    shortest_first = policy.names("Marketing")
    policy.column("Marketing", "How long").get_by_role("link").click()
    expect(policy.column("Marketing", "How long")).to_have_attribute(
        "aria-sort", "descending"
    )

    assert shortest_first == ["test_cookie", "_gcl_au", "_gcl_aw", "IDE"]
    assert policy.names("Marketing") == ["IDE", "_gcl_aw", "_gcl_au", "test_cookie"]
    assert policy.page.url.endswith("/cookies?sort=-lifetime")


@in_either_browser
def test_a_search_finds_keeps_the_order_and_is_told(visit, scripts):
    policy = visit("cookies?sort=-name", java_script_enabled=scripts)

    policy.search.fill("checkout")
    policy.press_search.click()

    expect(policy.found).to_have_text("2 entries")
    expect(policy.list("Marketing")).to_have_count(0)
    assert policy.names("Necessary") == ["__stripe_sid", "__stripe_mid"]


def test_with_scripts_it_searches_while_one_types_and_moves_no_focus(visit):
    policy = visit("cookies")
    loads = []
    policy.page.on("load", lambda _: loads.append(1))

    policy.search.press_sequentially("doubleclick")

    expect(policy.found).to_have_text("2 entries")
    expect(policy.search).to_be_focused()
    expect(policy.list("Necessary")).to_have_count(0)
    assert policy.page.url.endswith("/cookies?q=doubleclick")
    assert loads == []


def test_with_scripts_a_search_keeps_the_order_chosen_since(visit):
    policy = visit("cookies")
    policy.column("Marketing", "Name").get_by_role("link").click()
    expect(policy.column("Marketing", "Name")).to_have_attribute(
        "aria-sort", "ascending"
    )

    policy.search.fill("google")

    expect(policy.found).to_have_text("4 entries")
    expect(policy.column("Marketing", "Name")).to_have_attribute(
        "aria-sort", "ascending"
    )


@in_either_browser
def test_one_decides_in_the_page(visit, town, scripts):
    number = town.mark()
    policy = visit("cookies?q=google", java_script_enabled=scripts)

    policy.answer("Marketing", "Allow").click()

    expect(policy.said.first).to_contain_text(f"Recorded as number {number + 1}")
    expect(policy.state("marketing")).to_contain_text("Allowed by you on")
    expect(policy.search).to_have_value("google")
    expect(policy.answer("Marketing", "Allow")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert policy.page.url.split("#")[0].endswith("/cookies?q=google")
    assert town.records_after(number) == [number + 1]


def test_on_a_phone_rows_are_cards_and_still_a_table(visit):
    policy = visit("cookies", viewport={"width": 320, "height": 568})

    row = policy.list("Analytics").get_by_role("row").nth(1)
    boxes = [cell.bounding_box() for cell in row.get_by_role("cell").all()]

    assert policy.page.evaluate(NOTHING_WIDER)
    assert len(boxes) == 5
    assert len({box["x"] for box in boxes}) == 1
    assert min(box["width"] for box in boxes) > 200
    expect(policy.list("Analytics").get_by_role("columnheader")).to_have_count(6)
    expect(row.get_by_role("rowheader")).to_have_text("_pk_id.*")


def test_the_lists_of_a_wide_page_have_the_same_columns(visit):
    policy = visit("cookies", viewport={"width": 1280, "height": 800})

    columns = [
        policy.column(purpose, "What for").bounding_box()
        for purpose in ("Necessary", "Convenience", "Analytics", "Marketing")
    ]

    assert len({(box["x"], box["width"]) for box in columns}) == 1


@pytest.fixture(scope="module")
def changed_policy(running_town):
    """Publish another policy of a site that had one; return its address."""
    town = running_town
    text = {"en": "We keep it for 14 days.", "de": "Wir behalten es 14 Tage."}
    policy = {"updated": "2026-03-01", "text": text}
    town.publish_again("changing", policy=policy)
    text |= {"en": "We keep it for 30 days."}
    town.publish_again("changing", policy=policy | {"updated": "2026-03-02"})
    return f"{town.places.service.address}/changing/privacy"


@in_either_browser
def test_a_reader_sees_what_changed(new_visitor, changed_policy, scripts):
    page = new_visitor(java_script_enabled=scripts).context.new_page()
    page.goto(changed_policy)

    page.get_by_role("link", name="What version").first.click()

    expect(page.get_by_role("deletion").last).to_have_text("Removed 14 ")
    expect(page.get_by_role("insertion").last).to_have_text("Added 30 ")
    expect(page.get_by_text("Last updated on March 2, 2026")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["cookies?sort=name", "privacy"])
def test_axe_finds_nothing_in_them(visit, name, scheme):
    page = visit(name, color_scheme=scheme).page

    found = [violations(page, size, {}) for size in ((320, 568), (1280, 800))]

    assert found == [[], []]
    assert page.evaluate(NOTHING_WIDER)


def test_axe_finds_nothing_in_what_changed(new_visitor, changed_policy):
    visitor = new_visitor(color_scheme="dark")
    visitor.context.add_init_script(path=AXE)
    page = visitor.context.new_page()
    page.goto(changed_policy)

    page.get_by_role("link", name="What version").first.click()
    expect(page.get_by_role("deletion").last).to_be_visible()

    assert violations(page, (320, 568), {}) == []


def test_what_is_printed_is_the_policy_and_not_its_controls(visit):
    policy = visit("cookies")

    policy.page.emulate_media(media="print")

    expect(policy.list("Necessary")).to_be_visible()
    for control in (policy.search, policy.press_search):
        expect(control).to_be_hidden()
    expect(policy.page.get_by_role("button", name="Allow")).to_have_count(0)


def test_a_page_of_the_site_fetches_a_part(visitor, town):
    address = f"{town.places.service.address}/v1/{SITE}/cookies.html?lang=en"
    page = visitor.context.new_page()
    page.goto(town.open_site("other", "", '<main id="cookies"></main>'))

    page.evaluate(
        """async (address) => {
          const answer = await fetch(address);
          document.querySelector("#cookies").innerHTML = await answer.text();
        }""",
        address,
    )

    expect(page.get_by_role("rowheader", name="_pk_id.*")).to_be_visible()
    assert visitor.errors == []


def test_the_shop_shows_the_policy_of_its_notice(visitor):
    shop = visitor.visit_shop()
    (file,) = [file for file in SITE_FILES if file.stem == SITE]
    told = yaml.safe_load(file.read_text("utf-8"))

    shop.page.get_by_role("link", name="Privacy policy").first.click()

    headings = shop.page.get_by_role("article").get_by_role("heading", level=2)
    titles = [
        line.removeprefix("## ")
        for line in told["policy"]["text"]["en"].splitlines()
        if line.startswith("## ")
    ]
    assert headings.all_inner_texts() == titles
