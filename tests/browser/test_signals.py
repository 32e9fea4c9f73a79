"""What other tools are told, in which order, on a page as it is and at its speed."""

from itertools import chain

import pytest

from consent.services import sitefiles
from consent.services.scripts import Scripts
from tests.browser.page import Site, eventually
from tests.browser.tools import NOTING, TOOLS, heard, snippet, tag
from tests.browser.visitor import kept_by

pytestmark = pytest.mark.browser

SITE = "signals"
ADS = ("ad_storage", "ad_user_data", "ad_personalization")
ALL = (*ADS, "functionality_storage", "personalization_storage", "security_storage")
DENIED = dict.fromkeys(ALL, "denied") | {
    "analytics_storage": "denied",
    "security_storage": "granted",
}
GRANTED = DENIED | dict.fromkeys([*ADS, "analytics_storage"], "granted")
NO, YES = {"ad_storage": "denied"}, {"ad_storage": "granted"}

DEFAULTS = {
    "google": [
        ["consent", "default", DENIED | {"wait_for_update": 500}],
        ["set", "ads_data_redaction", True],
        ["set", "url_passthrough", True],
    ],
    "uet": [["consent", "default", NO]],
    "clarity": [["consentv2", {"ad_Storage": "denied", "analytics_Storage": "denied"}]],
    "meta": [["consent", "revoke"], ["dataProcessingOptions", ["LDU"], 0, 0]],
    "tiktok": [["holdConsent"]],
    "matomo": [["requireConsent"]],
    "posthog": [],
    "shopify": [],
    "wordpress": [],
}
# What the pages of these tools call themselves.
OWN = {
    "google": [["config", "G-1"]],
    "uet": [["event", "page_view", {}]],
    "clarity": [["set", "page", "1"]],
    "meta": [["init", "1"], ["track", "PageView"]],
    "tiktok": [["page"]],
    # What they track on their own waits for a yes, or is not sent at all.
    "matomo": [],
    "posthog": [],
    "shopify": [],
    "wordpress": [],
}
# The same once a yes is known: PostHog knew it all along.
TRACKED = OWN | {"posthog": [["$pageview"]]}
ACCEPTED = {
    "google": [
        ["consent", "update", GRANTED],
        [
            {
                "event": "consent_update",
                "decisions": {"analytics": "granted", "marketing": "granted"},
            }
        ],
    ],
    "uet": [["consent", "update", YES]],
    "clarity": [
        ["consentv2", {"ad_Storage": "denied", "analytics_Storage": "granted"}]
    ],
    "meta": [["dataProcessingOptions", []], ["consent", "grant"]],
    "tiktok": [["grantConsent"]],
    "matomo": [["setConsentGiven"], ["sent"]],
    "posthog": [["opt_in_capturing"]],
    "shopify": [
        [
            {
                "analytics": True,
                "marketing": True,
                "preferences": False,
                "sale_of_data": True,
            }
        ]
    ],
    "wordpress": [
        [{"functional": "allow"}],
        [{"marketing": "allow"}],
        [{"statistics": "allow"}],
        [{"statistics-anonymous": "allow"}],
    ],
}
REJECTED = {
    "google": [
        ["consent", "update", DENIED],
        [
            {
                "event": "consent_update",
                "decisions": {"analytics": "refused", "marketing": "refused"},
            }
        ],
    ],
    "uet": [["consent", "update", NO]],
    "clarity": [["consentv2", {"ad_Storage": "denied", "analytics_Storage": "denied"}]],
    "meta": [["dataProcessingOptions", ["LDU"], 0, 0], ["consent", "revoke"]],
    "tiktok": [["revokeConsent"]],
    # Neither sends anything, and a no leaves nothing in the browser.
    "matomo": [],
    "posthog": [],
    "shopify": [
        [
            dict.fromkeys(
                ["analytics", "marketing", "preferences", "sale_of_data"], False
            )
        ]
    ],
    # A cookie of the plugin for each no would be one more than it needs.
    "wordpress": [[{"functional": "allow"}]],
}
WITHOUT_ADVERTISING = {
    "google": [
        ["consent", "update", DENIED | {"analytics_storage": "granted"}],
        [
            {
                "event": "consent_update",
                "decisions": {"analytics": "granted", "marketing": "refused"},
            }
        ],
    ],
    "uet": [["consent", "update", NO]],
    "clarity": [],
    "meta": [["dataProcessingOptions", ["LDU"], 0, 0], ["consent", "revoke"]],
    "tiktok": [["revokeConsent"]],
    "matomo": [["forgetConsentGiven"]],
    "posthog": [["opt_out_capturing"]],
    "shopify": [
        [
            {
                "analytics": True,
                "marketing": False,
                "preferences": False,
                "sale_of_data": False,
            }
        ]
    ],
    "wordpress": [[{"marketing": "deny"}]],
}
TOOL_TAGS = "".join(map(snippet, TOOLS))


@pytest.fixture(scope="module")
def stub(running_town):
    """Return the stub of the site as the service tells it."""
    text = (running_town.places.folder / f"{SITE}.yaml").read_text("utf-8")
    return Scripts().stub(sitefiles.load(text))


@pytest.fixture
def banner(town):
    """Return the tag of the banner."""
    return (
        f'<script src="{town.places.service.address}/{SITE}/banner.js" async></script>'
    )


@pytest.fixture
def visit(visitor, town):
    """Return a function that opens a page with these tags in its head."""

    def opened(*head):
        site = Site(visitor.context.new_page())
        # A script that does not come holds up what a page calls loaded.
        page = town.open_site(SITE, "".join(head))
        site.page.goto(page, wait_until="domcontentloaded")
        return site

    return opened


@pytest.fixture
def site(visit, stub, banner):
    """Open a page with the stub, every tool, and the banner."""
    opened = visit(tag(stub.text), banner, TOOL_TAGS)
    opened.banner.root.wait_for()
    return opened


def everything(page):
    """Return what reached each tool."""
    return {tool: heard(page, tool) for tool in TOOLS}


def heard_by_all(page, *steps):
    """Wait until exactly this has reached the tools, step by step."""
    wanted = {tool: [*chain(*(step[tool] for step in steps))] for tool in TOOLS}
    return eventually(lambda: everything(page), wanted.__eq__)


def test_defaults_come_before_any_tag_however_slow_the_banner_is(
    visitor, visit, stub, banner
):
    waiting = []
    visitor.context.route("**/banner.js", lambda route: waiting.append(route))

    site = visit(tag(stub.text), banner, TOOL_TAGS)
    assert heard_by_all(site.page, DEFAULTS, OWN)

    waiting.pop().continue_()
    site.banner.root.wait_for()
    assert heard_by_all(site.page, DEFAULTS, OWN)


def test_without_a_stub_the_banner_tells_the_defaults_if_it_is_first(visit, banner):
    site = visit(banner.replace(" async", ""), TOOL_TAGS)

    assert heard_by_all(site.page, DEFAULTS, OWN)


def test_a_stub_runs_under_a_policy_that_lists_its_source(
    visitor, town, visit, stub, banner
):
    policy = (
        f"script-src {stub.source} 'nonce-tools' {town.places.service.address};"
        " require-trusted-types-for 'script'; trusted-types consent"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    tools = TOOL_TAGS.replace("<script>", '<script nonce="tools">')

    site = visit(meta, tag(stub.text), banner, tools)
    site.accept()

    assert heard_by_all(site.page, DEFAULTS, OWN, ACCEPTED)
    assert visitor.errors == []


def test_a_change_is_one_update_which_names_what_is_denied_too(site):
    site.accept()
    assert heard_by_all(site.page, DEFAULTS, OWN, ACCEPTED)

    site.open_dialog()
    site.dialog.switch("Advertising").uncheck()
    site.dialog.save.click()

    assert heard_by_all(site.page, DEFAULTS, OWN, ACCEPTED, WITHOUT_ADVERTISING)


def test_a_first_no_is_told_too(site):
    site.reject()

    assert heard_by_all(site.page, DEFAULTS, OWN, REJECTED)


def test_the_next_page_is_told_at_once_and_who_keeps_it_not_again(site):
    site.accept()
    assert heard_by_all(site.page, DEFAULTS, OWN, ACCEPTED)

    site.page.reload()
    site.banner.reopen.wait_for()

    nothing = {"posthog": [], "shopify": [], "wordpress": []}
    assert heard_by_all(site.page, DEFAULTS, TRACKED, ACCEPTED | nothing)


def test_tools_that_load_after_the_banner_hear_the_same(visit, stub, banner):
    visit(banner).accept()

    site = visit(tag(stub.text), banner.replace(" async", ""), TOOL_TAGS)

    assert heard_by_all(site.page, DEFAULTS, ACCEPTED, TRACKED)


def test_a_pixel_that_comes_before_everything_of_ours_is_revoked_all_the_same(
    visit, stub, banner
):
    site = visit(snippet("meta"), tag(stub.text), banner)

    assert heard(site.page, "meta") == [*OWN["meta"], *DEFAULTS["meta"]]


def test_a_pixel_that_waits_for_its_purpose_tracks_nothing_before_a_yes(
    visit, stub, banner
):
    """Meta sends on grant whatever was tracked while consent was revoked."""
    held = '<script type="text/plain" data-consent="marketing">'
    pixel = snippet("meta").replace("<script>", held)
    site = visit(tag(stub.text), banner, tag(NOTING), pixel)
    site.banner.root.wait_for()
    assert site.page.evaluate("[window.fbq, window.calls]") == [None, []]

    site.accept()

    calls = [*DEFAULTS["meta"], *OWN["meta"], *ACCEPTED["meta"]]
    assert eventually(lambda: heard(site.page, "meta"), calls.__eq__)


def test_nothing_is_sent_or_kept_before_an_answer(visitor, site):
    site.page.reload()
    site.banner.reject.wait_for()

    assert heard_by_all(site.page, DEFAULTS, OWN)
    assert visitor.context.cookies() == []
    assert kept_by(site.page) == []


def test_wordpress_is_told_that_visitors_are_asked(visitor, visit, banner):
    defined = "document.addEventListener('wp_consent_type_defined', () => note('type'))"
    site = visit(snippet("wordpress"), tag(defined), banner)
    site.banner.root.wait_for()

    assert not site.page.evaluate("wp_has_consent('marketing')")
    assert site.page.evaluate("window.calls") == [["type"]]


def test_pages_without_any_of_the_tools_have_no_errors(visitor, visit, stub, banner):
    site = visit(tag(stub.text), banner)
    site.accept()
    site.change("Reject all")

    site.page.reload()
    site.banner.reopen.wait_for()

    assert visitor.errors == []
