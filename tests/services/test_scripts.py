"""The scripts that publications hold, and when they are published anew."""

import base64
import hashlib

import pytest

from consent.domain.entries import Publication
from consent.domain.vocabulary import Regime
from consent.services import notices, scripts
from consent.services.scripts import Scripts
from tests.factories import SITE, make_notice, make_publication, purpose

GRANT = {"analytics": "granted"}


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def publications(runtime):
    entries = runtime.ledger(SITE).entries()
    return [found for _, found in entries if isinstance(found, Publication)]


def test_a_publication_holds_the_script_of_each_language(shop):
    found = notices.in_force(shop, SITE)

    assert found.scripts.keys() == {"en", "de"}
    for locale, script in found.scripts.items():
        built = shop.scripts.built(script.config)
        assert scripts.sha256_of(built) == script.sha256
        assert script == shop.scripts.script(found, locale, Regime.OPT_IN)
    assert found.scripts["de"].config["texts"]["reject"] == "Alle ablehnen"
    assert found.scripts["de"].details["texts"]["save"] == "Auswahl speichern"


def test_a_change_is_told_in_a_language_with_a_script_or_region(runtime):
    texts = {"en": "Maps", "zh-Hans": "地图"}
    words = dict.fromkeys(("title", "description", "law"), texts)
    told = {"locales": [*texts], "vendors": []}
    before = [{"id": "maps", "basis": "consent", **words}]
    notices.publish(runtime, make_notice(purposes=before, **told))
    after = [before[0] | {"basis": "objection", "sells": True}]

    publication, _ = notices.publish(runtime, make_notice(purposes=after, **told))

    (purpose,) = publication.scripts["zh-Hans"].config["purposes"]
    assert purpose["news"].startswith("地图 (")


def test_the_settings_are_part_of_the_script(shop, upgraded):
    (renewed,), _ = notices.renew(upgraded("dialog.js"))

    assert renewed.version == 1


def test_an_upgrade_that_changes_no_script_changes_nothing(shop, upgraded):
    assert notices.renew(upgraded("htmx-2.0.11.js")) == ([], [])
    assert len(publications(shop)) == 1


def test_publishing_the_same_file_again_takes_the_new_script(shop, upgraded):
    later = upgraded("banner.js")

    publication, is_new = notices.publish(later, make_notice())

    assert (publication.version, publication.number, is_new) == (1, 1, True)
    assert notices.publish(later, make_notice())[1] is False


def test_the_newest_publication_of_a_version_is_the_one_found(shop, upgraded):
    notices.renew(upgraded("banner.js"))
    shop.follower.poll()

    assert notices.published(shop, SITE, 1).number == 1
    assert notices.in_force(shop, SITE).number == 1
    assert notices.in_force(shop, SITE).public_since.number == 0


def test_a_ledger_that_takes_no_entry_does_not_stop_the_others(shop, upgraded):
    notices.publish(shop, make_notice(site="blog"))
    later = upgraded("banner.js")
    later.integrator.forks[SITE] = "entry 0 is lost"

    renewed, failures = notices.renew(later)

    assert [one.site for one in renewed] == ["blog"]
    assert "entry 0 is lost" in str(failures[0])


@pytest.mark.parametrize("name", ["banner.js", "dialog.js"])
def test_a_build_without_a_place_for_the_configuration_is_refused(release, name):
    folder = release()
    (folder / name).write_text("nothing")

    with pytest.raises(ValueError, match="no place for its configuration"):
        scripts.Scripts(folder)


def script_of(**changes):
    """Return what a notice with these changes is told, and the bytes of its script."""
    publication = make_publication(make_notice(**changes))
    script = Scripts().script(publication, "en", Regime.OPT_IN)
    return script.config, Scripts().built(script.config).decode()


def stub_of(**signals):
    return Scripts().stub(make_notice(signals=signals))


def test_a_site_pays_only_for_the_signals_that_it_uses():
    told, plain = script_of(purposes=[purpose("analytics")], vendors=[])
    signalling, built = script_of(
        purposes=[purpose("analytics")], vendors=[], signals={"tiktok": "analytics"}
    )

    assert signalling.keys() - told.keys() == {"tiktok", "defaults"}
    assert "holdConsent" not in plain
    assert "revokeConsent" in built
    others = ("consentv2", "uetq", "dataLayer", "fbq", "_paq", "posthog", "Shopify")
    for other in (*others, "wp_consent"):
        assert other not in built


def test_what_a_stub_says_the_script_says_too_for_pages_without_it():
    signals = {"google": {"ad_storage": "marketing"}, "uet": "marketing"}

    _, built = script_of(signals=signals)

    assert built.startswith(f"(()=>{{const parts=[];{stub_of(**signals).text}")


def test_a_stub_is_tiny_and_its_source_is_the_hash_of_its_text():
    stub = stub_of(google={"ad_storage": "marketing"})

    digest = hashlib.sha256(stub.text.encode()).digest()
    assert stub.source == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert len(stub.text) < 600


def test_a_stub_stays_the_same_as_long_as_the_defaults_do():
    """Whoever pasted it has its hash in a policy: another mapping is no other stub."""
    before = stub_of(google={"ad_storage": "marketing"}, uet="marketing")
    after = stub_of(google={"analytics_storage": "analytics"}, uet="analytics")

    assert before == after


def test_a_site_whose_tools_need_no_default_has_no_stub():
    assert stub_of(shopify={"analytics": "analytics"}, tag_manager=True) is None
    assert Scripts().stub(make_notice()) is None
