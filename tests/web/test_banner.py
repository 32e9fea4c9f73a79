import gzip
import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path

import brotli
import msgspec
import pytest

from consent.domain import publications
from consent.domain.entries import Script
from consent.domain.notices import Notice
from consent.services import notices, sitefiles
from consent.services.notices import publish
from tests.factories import in_each, make_notice, purpose, site_file, text
from tests.web.asking import assert_problem

SCRIPT = "/shop/banner.js"
_CONFIGURATION = re.compile(r'\{"(blocking|cleanup|common|cookie)":')
EXAMPLE = Path(__file__).parents[2] / "examples" / "hummingbytes.yaml"


def configuration(script):
    """Return what the script was told."""
    return json.JSONDecoder().raw_decode(script, _CONFIGURATION.search(script).start())[
        0
    ]


@pytest.mark.parametrize(
    ("address", "headers", "reject"),
    [
        (SCRIPT, {"Accept-Language": "de"}, "Alle ablehnen"),
        (SCRIPT, {"Accept-Language": "de-CH"}, "Alle ablehnen"),
        (SCRIPT, {"Accept-Language": "fr, de;q=0.2"}, "Alle ablehnen"),
        (SCRIPT, {"Accept-Language": "fr"}, "Reject all"),
        (f"{SCRIPT}?lang=de", {"Accept-Language": "en"}, "Alle ablehnen"),
        (f"{SCRIPT}?lang=xx", {"Accept-Language": "de"}, "Alle ablehnen"),
    ],
)
def test_it_speaks_the_visitors_language(client, address, headers, reject):
    answer = client.get(address, headers=headers)

    assert configuration(answer.text)["texts"]["reject"] == reject


@pytest.mark.parametrize(
    ("locale", "reject", "changes"),
    [
        ("pt-BR", "Rejeitar tudo", "novo"),
        ("zh-Hans", "全部拒绝", "新增"),
        ("zh-Hant", "Reject all", "new"),
    ],
)
def test_a_language_may_name_its_region_or_script(app, client, locale, reject, changes):
    """And of a purpose that is new since, it tells so in that language."""
    first = site_file(locales=[locale])
    later = first | {"purposes": [*first["purposes"], purpose("personal")]}
    for content in (first, later):
        told = in_each(content, [locale], lambda _: "…")
        notice = msgspec.convert(told, Notice)
        publish(app.extensions["consent"], notice)

    told = configuration(client.get(SCRIPT).text)

    assert told["texts"]["reject"] == reject
    assert told["purposes"][-1]["news"] == f"… ({changes})"


def test_it_varies_by_what_it_depends_on(client):
    negotiated, named = client.get(SCRIPT), client.get(f"{SCRIPT}?lang=de")

    assert negotiated.headers["Vary"] == "Accept-Encoding, Accept-Language"
    assert named.headers["Vary"] == "Accept-Encoding"
    assert negotiated.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in negotiated.headers


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_it_comes_compressed(client, encoding, unpack):
    plain = client.get(SCRIPT)

    packed = client.get(SCRIPT, headers={"Accept-Encoding": f"{encoding}, deflate"})

    assert packed.headers["Content-Encoding"] == encoding
    assert unpack(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]


def republish(app, **changes):
    publish(app.extensions["consent"], make_notice(**changes))


SEVERAL = {"regime": None, "regimes": {"EEA": "opt-in", "US-CA": "opt-out"}}


@pytest.mark.parametrize("regime", ["opt-in", "opt-out", "inform"])
def test_one_regime_is_one_script_for_all(client, app, regime):
    republish(app, regime=regime)

    named, unnamed = client.get(f"{SCRIPT}?region=US-CA"), client.get(SCRIPT)

    assert named.headers["Cache-Control"] == "public, max-age=300"
    assert unnamed.headers["Cache-Control"] == "public, max-age=300"
    assert configuration(named.text) == configuration(unnamed.text)


@pytest.mark.parametrize(
    ("query", "regime", "kept"),
    [
        ("?region=US-CA", "opt-out", "public"),
        ("?region=de", "opt-in", "public"),
        ("", "opt-in", "private"),
        ("?region=", "opt-in", "private"),
        ("?region=Mars", "opt-in", "private"),
        ("?region=US-CA&region=DE", "opt-in", "private"),
    ],
)
def test_several_regimes_are_shared_only_by_an_address_that_tells_which(
    client, app, query, regime, kept
):
    republish(app, **SEVERAL)

    answer = client.get(SCRIPT + query, headers={"X-Region": "US-CA"})

    assert configuration(answer.text)["regime"] == regime
    assert answer.headers["Cache-Control"] == f"{kept}, max-age=300"


def test_opt_in_pays_nothing_for_other_regimes(client):
    script = client.get(SCRIPT).text

    assert "common" not in configuration(script)
    assert "parts.prepare=" not in script


def test_it_hands_out_what_gateways_take(client, app):
    republish(app, regime="opt-out")

    tokens = configuration(client.get(SCRIPT).text)["common"]["tokens"]

    def asked(token, purpose):
        headers = {"Consent-Token": token}
        answer = client.get(f"/v1/shop/check/{purpose}", headers=headers)
        return answer.headers["Consent-Verdict"]

    assert [asked(token, "analytics") for token in tokens] == ["default", "default"]
    assert [asked(token, "marketing") for token in tokens] == ["default", "refused"]


def test_what_it_hands_out_is_new_each_day(client, app, monkeypatch):
    republish(app, regime="opt-out")
    clock = app.extensions["consent"].clock
    today = clock.now()
    scripts = []
    for days in (0, 0, 1):
        later = today + timedelta(days=days)
        monkeypatch.setattr(type(clock), "now", lambda _, at=later: at)
        scripts.append(client.get(SCRIPT).text)

    assert scripts[0] == scripts[1]
    one, other = (configuration(script) for script in scripts[1:])
    assert one.pop("common") != other.pop("common")
    assert one == other


@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_first_visit_costs_at_most_seven_kilobytes(client, app, lang):
    """Texts and all, for a site as large as the one of the demonstration."""
    notice = sitefiles.load(EXAMPLE.read_text("utf-8"))
    publish(app.extensions["consent"], notice)
    script = f"/{notice.site}/banner.js?lang={lang}"

    answer = client.get(script, headers={"Accept-Encoding": "br"})

    assert len(answer.data) <= 7_168


@pytest.mark.parametrize("agent", ["Googlebot/2.1", "curl/8.0", ""])
def test_whoever_asks_gets_the_same_bytes(client, agent):
    person = client.get(SCRIPT, headers={"User-Agent": "Mozilla/5.0"})

    other = client.get(SCRIPT, headers={"User-Agent": agent})

    assert other.data == person.data
    assert other.headers == person.headers
    assert "User-Agent" not in other.headers["Vary"]


def test_who_has_it_gets_nothing_again(client):
    etag = client.get(SCRIPT).headers["ETag"]

    answer = client.get(SCRIPT, headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert not answer.data


def test_a_new_notice_is_a_new_script(client, app):
    before = client.get(SCRIPT)

    publish(app.extensions["consent"], make_notice(term_days=30))

    after = client.get(SCRIPT)
    assert configuration(after.text)["notice"] == 2
    assert after.headers["ETag"] != before.headers["ETag"]


def test_no_text_of_an_operator_ends_the_script(client, app):
    words = text("</script><script>alert(1)</script>\u2028")
    texts = {"heading": words, "intro": words}
    publish(app.extensions["consent"], make_notice(texts=texts))

    script = client.get(SCRIPT).text

    assert "</script" not in script
    assert "\u2028" not in script
    assert configuration(script)["texts"]["heading"] == words["en"]


def test_an_unknown_site_has_no_script(client):
    assert_problem(client.get("/nowhere/banner.js"), 404, "unknown_site")


def test_nothing_is_posted_to_it(client):
    assert_problem(client.post(SCRIPT), 405, "method_not_allowed")


def test_a_head_request_gets_the_headers(client):
    answer = client.head(SCRIPT)

    assert answer.status_code == 200
    assert not answer.data
    assert int(answer.headers["Content-Length"]) > 0


def dialog_of(client, lang):
    """Return where the script says that its dialog is."""
    return configuration(client.get(f"{SCRIPT}?lang={lang}").text)["dialog"]


def test_the_dialog_can_be_loaded_from_another_origin(client):
    answer = client.get(dialog_of(client, "de"))

    assert "Auswahl speichern" in answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


def test_a_page_of_an_older_notice_gets_the_dialog_of_that_notice(client, app):
    before = dialog_of(client, "en")
    purposes = [purpose(name) for name in ("necessary", "analytics")]
    purposes[1]["description"] = text("other words")
    publish(app.extensions["consent"], make_notice(purposes=purposes, vendors=[]))

    now = dialog_of(client, "en")

    assert "other words" in client.get(now).text
    assert "other words" not in client.get(before).text


def test_a_dialog_that_another_release_names_is_asked_for_again(client):
    named = dialog_of(client, "en").rpartition("v=")[0]

    for digest in ("", "0" * 32, "e"):
        answer = client.get(f"{named}v={digest}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("version", ["", "0", "2", "-1", "x", "9" * 5000])
def test_a_notice_that_there_never_was_has_no_dialog(client, version):
    answer = client.get(f"/shop/dialog.js?lang=en&notice={version}")

    assert_problem(answer, 404, "not_found")


@pytest.mark.parametrize("lang", ["en", "de"])
def test_the_dialog_costs_at_most_four_kilobytes(client, app, lang):
    notice = sitefiles.load(EXAMPLE.read_text("utf-8"))
    publish(app.extensions["consent"], notice)
    address = f"/{notice.site}/dialog.js?lang={lang}&notice=1"

    answer = client.get(address, headers={"Accept-Encoding": "br"})

    assert len(answer.data) <= 4_096


def test_the_ledger_holds_the_hash_of_what_is_served(client, shop):
    scripts = notices.in_force(shop, "shop").scripts

    for locale in ("en", "de"):
        served = client.get(f"{SCRIPT}?lang={locale}").data
        assert hashlib.sha256(served).hexdigest() == scripts[locale].sha256


def test_the_ledger_holds_the_hash_of_each_regime_without_common_tokens(client, app):
    republish(app, **SEVERAL)
    runtime = app.extensions["consent"]
    scripts = notices.in_force(runtime, "shop").scripts

    assert scripts.keys() == {
        f"{lang} {regime}" for lang in ("en", "de") for regime in ("opt-in", "opt-out")
    }
    served = client.get(f"{SCRIPT}?lang=de&region=US-CA").text
    tokens = configuration(served)["common"]["tokens"]
    without = served.replace(
        f',"tokens":{json.dumps(tokens, separators=(",", ":"))}', ""
    )
    digest = hashlib.sha256(without.encode()).hexdigest()
    assert digest == scripts["de opt-out"].sha256


def test_a_script_that_the_ledger_does_not_hold_is_served_and_logged(
    client, app, caplog
):
    """As in an older process, once a newer one has published its own."""
    client.get(SCRIPT)
    silent = caplog.text
    other = publications.Renewal("shop", lambda _: {"en": Script("other", {})})
    app.extensions["consent"].writer.append(other)

    assert client.get(SCRIPT).status_code == 200
    assert "not the one in the ledger" not in silent
    assert "not the one in the ledger" in caplog.text


def test_a_script_that_is_renewed_leaves_the_notice_as_it_was_published(client, app):
    before = [client.get(f"/v1/shop/{path}").json for path in ("notice", "notice/1")]
    another = publications.Renewal("shop", lambda _: {"en": Script("other", {})})

    renewed = app.extensions["consent"].writer.append(another)

    assert (renewed.version, renewed.number) == (1, 1)
    assert before == [
        client.get(f"/v1/shop/{path}").json for path in ("notice", "notice/1")
    ]
