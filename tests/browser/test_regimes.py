"""What visitors meet under each regime, and what is known of them afterwards."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from consent.domain.tokens import Token, read_unverified
from consent.services import notices, replays, sitefiles, stages
from consent.services.runtime import Runtime
from consent.settings import Settings
from tests.browser.page import ENGLISH, Banner, Dialog, eventually
from tests.browser.sites import selling
from tests.browser.visitor import kept_by

pytestmark = pytest.mark.browser

DAY = 86_400
PURPOSES = ["analytics", "marketing", "audience"]
RUNNING = {"optout": "opt-out", "informs": "inform"}
REGIMES = {"asks": "opt-in"} | RUNNING
REGIONS = {"EEA": "opt-in", "US-CA": "opt-out", "*": "inform"}
GPC = "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"
HONOURED = "Global Privacy Control"
LOOK = """(one) => [one.offsetHeight, one.className,
  getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"""
SWITCHES = "(one) => [...one.querySelectorAll('input')].map(({ checked }) => checked)"

under_each = pytest.mark.parametrize("name", RUNNING)


@pytest.fixture(scope="module")
def ledger(running_town):
    """Open the service's database, with a site for each regime and one for regions."""
    other = (running_town.places.folder / "other.yaml").read_text("utf-8")
    told = {site: {"regime": regime} for site, regime in REGIMES.items()}
    settings = Settings.from_environ(running_town.service.settings)
    with closing(Runtime.open(settings)) as runtime:
        for site, changes in (told | {"regions": {"regimes": REGIONS}}).items():
            text = selling(other, site, running_town.origin(site), **changes)
            notices.publish(runtime, sitefiles.load(text))
        ask = running_town.service.ask
        eventually(lambda: ask("GET", "/v1/regions/notice")[0] == 200)
        yield runtime


@pytest.fixture
def come(ledger, new_visitor):
    """Return a function that lets a visitor come, who may send a signal."""

    def arrived(*, gpc=False):
        visitor = new_visitor(extra_http_headers={"Sec-GPC": "1"} if gpc else {})
        if gpc:
            visitor.context.add_init_script(GPC)
        return visitor

    return arrived


@pytest.fixture
def records(ledger):
    """Return what tells the records of a site since the test began."""

    def bodies(site):
        return [body for _, body in ledger.ledger(site).entries()]

    start = {site: len(bodies(site)) for site in [*REGIMES, "regions"]}
    return lambda site: bodies(site)[start[site] :]


def allowed(site):
    return [purpose for purpose in PURPOSES if site.allows(purpose)]


def verdicts(town, name, token, *, gpc=False):
    """Return what a gateway says of each purpose."""
    headers = {"Consent-Token": token} | ({"Sec-GPC": "1"} if gpc else {})
    asked = (f"/v1/{name}/check/{purpose}" for purpose in PURPOSES)
    answers = [town.service.ask("GET", path, None, headers) for path in asked]
    return [answer[1]["Consent-Verdict"] for answer in answers]


def cookies_of(visitor, site):
    found = visitor.context.cookies(site.page.url)
    return {cookie["name"]: cookie["value"] for cookie in found}


def stated(site):
    return read_unverified(site.token())[1]


def posts(visitor):
    return [one for one in visitor.everything_asked() if one.startswith("POST")]


def wait_until_answered(site):
    site.wait_until_recorded()
    eventually(lambda: not stated(site).is_default)


def switches(dialog):
    expect(dialog.root).to_be_visible()
    return dialog.root.evaluate(SWITCHES)


def age(ledger, visitor, site, name, days):
    """Let a visitor's token be so many days older; return it."""
    token = stated(site)
    values = {field: getattr(token, field) for field in token.__struct_fields__}
    moved = {field: values[field] - days * DAY for field in ("issued", "expires")}
    old = Token(**values | moved)
    cookie = {"name": f"consent_{name}", "value": ledger.sign(old)}
    visitor.context.add_cookies([cookie | {"url": site.page.url}])
    return old


def test_opt_in_runs_nothing_that_needs_a_yes_and_keeps_nothing(come):
    visitor = come()

    site = visitor.visit_site("asks")

    expect(site.banner.reject).to_be_visible()
    assert allowed(site) == ["audience"]
    assert kept_by(site.page) == []
    assert cookies_of(visitor, site) == {}


@under_each
def test_who_does_nothing_is_counted_by_nobody(come, town, records, name):
    one, other = come(), come()

    sites = [visitor.visit_site(name) for visitor in (one, other)]

    assert [allowed(site) for site in sites] == [PURPOSES, PURPOSES]
    assert verdicts(town, name, sites[0].token()) == ["default"] * 3
    assert cookies_of(one, sites[0]) == cookies_of(other, sites[1])
    assert [*cookies_of(one, sites[0])] == [f"consent_{name}"]
    assert kept_by(sites[0].page) == []
    assert posts(one) == []
    assert records(name) == []
    expect(sites[0].banner.heading).to_be_visible()


@under_each
def test_a_signal_keeps_what_sells_off_and_is_shown_as_honoured(
    come, town, records, name
):
    visitor = come(gpc=True)

    site = visitor.visit_site(name)

    expect(site.banner.root).to_contain_text(HONOURED)
    assert allowed(site) == ["analytics", "audience"]
    with_signal = verdicts(town, name, site.token(), gpc=True)
    assert with_signal == ["default", "refused", "default"]
    assert kept_by(site.page) == []
    assert posts(visitor) == []
    assert records(name) == []


@under_each
def test_without_a_signal_none_is_honoured(come, name):
    expect(come().visit_site(name).banner.root).not_to_contain_text(HONOURED)


def test_an_opt_out_is_one_click_and_needs_no_identifier(come, town, records):
    one, other = come(), come()
    sites = [visitor.visit_site("optout") for visitor in (one, other)]

    for site in sites:
        site.banner.reject.click()
        wait_until_answered(site)

    assert [allowed(site) for site in sites] == [[], []]
    assert cookies_of(one, sites[0]) == cookies_of(other, sites[1])
    assert [*cookies_of(one, sites[0])] == ["consent_optout"]
    assert kept_by(sites[0].page) == []
    assert verdicts(town, "optout", sites[0].token()) == ["refused"] * 3
    for record in records("optout"):
        assert (record.subject, record.regime, record.how) == (
            None,
            "opt-out",
            "banner",
        )
        assert record.decisions.keys() == set(PURPOSES)
    token = stated(sites[0])
    assert token.expires - token.issued == 365 * DAY


def test_rejecting_is_as_prominent_as_anything(come):
    banner = come().visit_site("optout").banner

    buttons = (banner.reject, banner.accept, banner.settings)
    looks = [button.evaluate(LOOK) for button in buttons]

    assert looks[0] == looks[1] == looks[2]


def test_one_purpose_switched_off_leaves_the_rest_to_run(come, records):
    visitor = come()
    site = visitor.visit_site("optout")

    site.banner.settings.click()
    site.dialog.switch("Advertising").click()
    site.dialog.save.click()
    wait_until_answered(site)

    assert allowed(site) == ["analytics", "audience"]
    (record,) = records("optout")
    assert record.subject is None
    assert [*record.decisions] == ["marketing"]
    assert [*cookies_of(visitor, site)] == ["consent_optout"]


def test_the_rest_runs_on_while_an_opt_out_cannot_be_sent(come):
    visitor = come()
    site = visitor.visit_site("optout")
    visitor.lose_the_service()

    site.page.evaluate("window.consent.set({ marketing: false })")

    expect(site.banner.reopen).to_be_visible()
    eventually(lambda: allowed(site) == ["analytics", "audience"])


def test_an_explicit_yes_wins_over_the_signal(come, town, records):
    site = come(gpc=True).visit_site("optout")

    site.banner.accept.click()
    wait_until_answered(site)

    assert allowed(site) == PURPOSES
    assert verdicts(town, "optout", site.token(), gpc=True)[1] == "granted"
    (record,) = records("optout")
    assert record.subject is not None
    assert record.gpc is True


def test_who_was_told_is_not_told_again(come, records):
    visitor = come()
    site = visitor.visit_site("informs")
    expect(site.banner.reject).to_have_count(0)

    site.banner.button("OK").click()
    wait_until_answered(site)

    assert allowed(site) == PURPOSES
    expect(visitor.visit_site("informs").banner.reopen).to_be_visible()
    assert records("informs") == []
    assert [*cookies_of(visitor, site)] == ["consent_informs"]


def test_who_is_informed_can_switch_off_everything(come, records):
    visitor = come()
    site = visitor.visit_site("informs")

    site.banner.settings.click()
    site.dialog.reject.click()
    wait_until_answered(site)

    assert allowed(site) == []
    (record,) = records("informs")
    assert (record.subject, record.regime) == (None, "inform")
    assert [*cookies_of(visitor, site)] == ["consent_informs"]


@pytest.mark.parametrize("days", [31, 370])
def test_an_opt_out_is_renewed_silently(come, ledger, records, days):
    visitor = come()
    site = visitor.visit_site("optout")
    site.page.evaluate("window.consent.set({ marketing: false, audience: false })")
    wait_until_answered(site)
    old = age(ledger, visitor, site, "optout", days)
    sent = len(posts(visitor))

    again = visitor.visit_site("optout")

    expect(again.banner.reopen).to_be_visible()
    eventually(lambda: stated(again).issued > old.issued)
    assert allowed(again) == ["analytics"]
    assert len(posts(visitor)) == sent + 1
    assert len(records("optout")) == 1


def test_nothing_is_asked_of_the_service_while_an_opt_out_is_young(come, ledger):
    visitor = come()
    site = visitor.visit_site("optout")
    site.banner.reject.click()
    wait_until_answered(site)
    age(ledger, visitor, site, "optout", 29)
    sent = len(posts(visitor))

    again = visitor.visit_site("optout")

    expect(again.banner.reopen).to_be_visible()
    assert len(posts(visitor)) == sent


def test_a_refusal_under_opt_in_is_asked_about_when_its_term_ended(come, ledger):
    visitor = come()
    site = visitor.visit_site("asks")
    site.reject()
    age(ledger, visitor, site, "asks", 190)

    expect(visitor.visit_site("asks").banner.reject).to_be_visible()


def test_what_was_handed_out_three_days_ago_is_replaced(come, ledger, town):
    visitor = come()
    site = visitor.visit_site("optout")
    old = age(ledger, visitor, site, "optout", 3)
    kept = cookies_of(visitor, site)["consent_optout"]
    assert verdicts(town, "optout", kept) == ["expired"] * 3

    again = visitor.visit_site("optout")

    assert stated(again).issued > old.issued
    assert allowed(again) == PURPOSES
    expect(again.banner.reject).to_be_visible()


@under_each
@pytest.mark.parametrize("gpc", [False, True])
def test_what_was_seen_is_replayed_exactly(come, ledger, records, tmp_path, name, gpc):
    site = come(gpc=gpc).visit_site(name)
    seen = site.banner.root.text_content()
    site.banner.settings.click()
    stood = switches(site.dialog)
    site.dialog.reject.click()
    wait_until_answered(site)
    (record,) = records(name)
    ledger.follower.poll()

    replay = replays.replay(ledger, name, record.number)
    file = tmp_path / "replay.html"
    file.write_text(stages.page(ledger, replay), "utf-8")
    page = come().context.new_page()
    page.goto(file.as_uri())

    assert (replay.fidelity, replay.record.regime) == ("exact", RUNNING[name])
    assert switches(Dialog(page, ENGLISH)) == stood
    assert Banner(page, ENGLISH).root.text_content() == seen
    marketing = "Not allowed" if gpc else "Allowed"
    in_words = [purpose.state for purpose in replay.shown.purposes]
    assert in_words == ["Always on", "Allowed", marketing, "Allowed"]


@under_each
@pytest.mark.parametrize("gpc", [False, True])
def test_the_first_layer_is_told_as_it_was_seen(come, ledger, records, name, gpc):
    site = come(gpc=gpc).visit_site(name)
    seen = site.banner.root.text_content()
    buttons = site.banner.root.get_by_role("button").all_text_contents()
    site.page.evaluate("window.consent.withdraw()")
    wait_until_answered(site)
    (record,) = records(name)
    ledger.follower.poll()

    publication = notices.in_force(ledger, name)
    told = ledger.scripts.script(publication, "en", record.regime)
    shown = replays.replays.shown(
        told, replays.Layer.BOX, before=None, gpc=gpc, now=record.at.timestamp()
    )

    assert shown.intro in seen
    assert [*shown.buttons] == buttons


@pytest.mark.parametrize(
    ("region", "runs"),
    [("DE", ["audience"]), ("US-CA", PURPOSES), ("JP", PURPOSES), ("", ["audience"])],
)
def test_the_region_in_the_address_tells_the_regime(come, region, runs):
    site = come().visit_site("regions", query=f"?region={region}")

    assert allowed(site) == runs


def test_a_record_says_under_which_regime_it_was_made(come, records):
    for region in ("US-CA", "DE"):
        site = come().visit_site("regions", query=f"?region={region}")
        site.banner.reject.click()
        wait_until_answered(site)

    assert [record.regime for record in records("regions")] == ["opt-out", "opt-in"]


def test_nothing_runs_by_a_default_of_elsewhere(come):
    visitor = come()
    abroad = visitor.visit_site("regions", query="?region=US-CA")
    assert allowed(abroad) == PURPOSES

    at_home = visitor.visit_site("regions", query="?region=FR")

    assert allowed(at_home) == ["audience"]
    assert cookies_of(visitor, at_home) == {}
    expect(at_home.banner.reject).to_be_visible()


def test_an_opt_out_of_elsewhere_is_kept(come, town):
    visitor = come()
    abroad = visitor.visit_site("regions", query="?region=US-CA")
    abroad.page.evaluate("window.consent.set({ marketing: false })")
    wait_until_answered(abroad)

    at_home = visitor.visit_site("regions", query="?region=FR")

    eventually(at_home.token)
    assert allowed(at_home) == ["audience"]
    refused = ["refused", "refused", "default"]
    assert verdicts(town, "regions", at_home.token()) == refused
    back = visitor.visit_site("regions", query="?region=US-CA")
    assert "marketing" not in allowed(back)


@under_each
def test_a_no_said_later_leaves_the_no_said_before(come, town, name):
    site = come().visit_site(name)
    turn(site, "Reader statistics")

    turn(site, "Advertising")

    assert allowed(site) == ["audience"]
    refused = ["refused", "refused", "default"]
    assert verdicts(town, name, site.token()) == refused


@under_each
def test_a_yes_said_later_leaves_the_no_said_before(come, town, name):
    """What was refused without a subject would else run again by default."""
    site = come().visit_site(name)
    turn(site, "Reader statistics", "Advertising")

    turn(site, "Reader statistics")

    assert allowed(site) == ["analytics", "audience"]
    stands = ["granted", "refused", "granted"]
    assert verdicts(town, name, site.token()) == stands


def turn(site, *titles):
    """Turn switches of the settings, and wait until that is recorded."""
    site.page.evaluate("consent.open()")
    for title in titles:
        site.dialog.switch(title).click()
    site.dialog.save.click()
    site.wait_until_recorded()
    site.page.wait_for_function("!document.cookie.includes('=pending')")


def test_a_no_here_and_a_no_in_the_preference_center_both_stand(come, town):
    site = come().visit_site("optout")
    turn(site, "Advertising")
    center = site.follow_to_center()
    center.answer("Reader statistics", "Do not allow").click()
    expect(center.said).to_contain_text("A no needs no identifier")

    center.back.click()
    expect(site.banner.reopen).to_be_visible()

    # Until then the page is in doubt: it allows nothing, whatever its token says.
    eventually(
        lambda: verdicts(town, "optout", site.token()),
        lambda found: found == ["refused", "refused", "default"],
    )
    eventually(lambda: allowed(site), lambda found: found == ["audience"])
    assert "secret" not in site.page.evaluate("document.cookie")
