"""The pages of one's own records, and the receipt as a page."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from consent.app import create_app
from consent.domain import receipts
from consent.services.subjects import PAGE_RECORDS
from tests.factories import SECRET
from tests.web.asking import assert_problem, post, record, size, verdict
from tests.web.filling import HERE, PAGE, decide, fields, hand_over, see, state, submit

RECORDS = f"{PAGE}/records"
ERASURE = f"{RECORDS}/erasure"
RECEIPT = "/v1/shop/records/1"
AS_BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def granted(client):
    """Allow analytics in the preference center."""
    decide(client, "analytics", "granted")
    return client


def text_of(page):
    """Return what a page says, without its markup."""
    said = re.sub(r"<script.*?</script>|<[^>]*>", " ", page, flags=re.S)
    return " ".join(unescape(said).split())


def test_the_preference_center_leads_to_ones_records(client):
    assert f'href="{RECORDS}"' in see(client)


def test_a_browser_without_records_is_told_so(client, shop):
    page = client.get(RECORDS)

    assert "This browser holds nothing that is recorded of you." in page.text
    assert ERASURE not in page.text
    assert client.get(ERASURE).location == RECORDS
    assert client.get(f"{RECORDS}/export").status_code == 404
    assert size(shop) == 1


def test_ones_records_are_listed_newest_first(granted):
    decide(granted, "analytics", "refused")

    page = granted.get(RECORDS).text

    assert re.findall(r"/v1/shop/records/(\d+)\"", page) == ["2", "1"]
    said = text_of(page)
    withdrawn = (
        "Consent withdrawn, in the privacy settings Not allowed: analytics title"
    )
    assert withdrawn in said
    assert "Consent given, in the privacy settings Allowed: analytics title" in said


def test_the_records_of_a_handed_over_secret_are_shown(client):
    record(client, {"analytics": "granted"})
    hand_over(client, SECRET)

    page = client.get(RECORDS).text

    assert "Consent given, in the banner" in page
    assert SECRET not in page


def test_a_receipt_shows_what_was_shown_and_chosen(granted):
    decide(granted, "audience", "objected")

    answer = granted.get("/v1/shop/records/2", headers=AS_BROWSER)

    said = text_of(answer.text)
    assert answer.mimetype == "text/html"
    assert {"Accept", "Cookie"} <= set(answer.vary)
    assert "Receipt 2" in said
    assert "analytics title Allowed , decided in record 1 on " in said
    assert "audience title Objected to What audience is for." in said
    assert "marketing title You had not decided." in said
    assert "Shop , hello@shop.example" in said
    assert "Nothing without your permission (opt-in)" in said


def test_a_receipt_page_carries_the_receipt_itself(granted):
    page = granted.get(RECEIPT, headers=AS_BROWSER).text
    download = granted.get(f"{RECEIPT}.jsonld")

    carried = re.search(r'<script id="receipt"[^>]*>(.*?)</script>', page, re.S)[1]
    assert json.loads(carried) == download.json
    assert receipts.verify(download.json).record.number == 1
    assert "attachment" in download.headers["Content-Disposition"]
    assert "<" not in carried


def test_the_notices_words_stay_in_the_language_that_was_shown(client):
    record(client, {"analytics": "granted"}, locale="de")
    hand_over(client, SECRET)

    page = client.get(f"{RECEIPT}?lang=en", headers=AS_BROWSER).text

    assert '<html lang="en"' in page
    quoted = r'<span lang="de" dir="ltr"[^>]*>What analytics is for. \(de\)</span>'
    assert re.search(quoted, page)


def test_no_script_of_a_receipt_page_makes_markup_of_text(granted):
    answer = granted.get(RECEIPT, headers=AS_BROWSER)
    policy = answer.headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "trusted-types 'none'" in policy
    # It could not work under that policy.
    assert "htmx-2" not in answer.text


def test_a_receipt_of_somebody_else_is_a_page_that_says_so(granted, app):
    answer = app.test_client().get(RECEIPT, headers=AS_BROWSER)

    assert answer.status_code == 404
    assert "A receipt is shown to nobody else." in answer.text
    assert "analytics" not in answer.text


def test_a_browser_gets_a_page_when_the_ledger_cannot_be_signed(shop):
    unsigned = create_app(replace(shop.settings, checkpoint_keys=()))
    client = unsigned.test_client()
    decide(client, "analytics", "granted")

    answer = client.get(RECEIPT, headers=AS_BROWSER)

    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert_problem(client.get(RECEIPT), 503, "unavailable")
    unsigned.extensions["consent"].close()


def test_a_secret_in_the_header_goes_before_the_session(granted):
    stranger = {"Consent-Secret": "f" * 32}

    assert granted.get(RECEIPT).status_code == 200
    assert granted.get(RECEIPT, headers=stranger).status_code == 404


def test_programs_get_json_where_browsers_get_a_page(granted):
    for accept in ("*/*", "application/ld+json", "application/json"):
        answer = granted.get(RECEIPT, headers={"Accept": accept})
        assert answer.mimetype == "application/ld+json", accept


def test_everything_can_be_taken_away_in_one_file(granted):
    decide(granted, "marketing", "granted")

    answer = granted.get(f"{RECORDS}/export")

    found = [receipts.verify(one) for one in receipts.read(answer.data)]
    assert [one.record.number for one in found] == [2, 1]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_erasing_is_asked_about_first_and_says_what_remains(granted, shop):
    said = text_of(granted.get(ERASURE).text)

    assert "The content of your 1 record is deleted for good." in said
    assert "What you refused stays refused." in said
    assert "Backups keep a copy until they are replaced." in said
    assert "hello@shop.example" in said
    assert size(shop) == 2


def test_after_erasing_nothing_is_left_but_the_refusals(client, shop):
    record(client, {"analytics": "granted", "marketing": "refused"})
    hand_over(client, SECRET)

    page = submit(client, ERASURE, client.get(ERASURE).text)

    assert "Erased. Nothing here points to you any more." in page
    assert "This browser holds nothing that is recorded of you." in page
    assert post(client, "head", {"secret": SECRET}).status_code == 404
    assert client.get(RECEIPT, headers=AS_BROWSER).status_code == 404
    center = see(client)
    assert state(center, "marketing") == "Not allowed: you said no."
    assert state(center, "analytics") == "Not allowed: you have not decided."
    with client.session_transaction() as session:
        assert SECRET not in str(dict(session))


def test_an_erased_grant_stops_the_token_at_once(client):
    token = record(client, {"analytics": "granted"})["token"]
    hand_over(client, SECRET)

    submit(client, ERASURE, client.get(ERASURE).text)

    assert verdict(client, "analytics", token) == (403, "withdrawn")


def test_erasing_twice_is_erasing_once(granted, shop):
    page = granted.get(ERASURE).text
    submit(granted, ERASURE, page)

    submit(granted, ERASURE, page)

    assert size(shop) == 3


def test_no_other_page_can_make_a_browser_erase(granted, shop):
    sent = fields(granted.get(ERASURE).text, ERASURE)

    evil = {"Origin": "https://evil.example"}
    refused = granted.post(ERASURE, data=sent, headers=evil)
    without = granted.post(ERASURE, data={}, headers=evil)
    ended = granted.post(ERASURE, data={"csrf_token": "old"}, headers=HERE)

    assert (refused.status_code, without.status_code) == (403, 403)
    assert (ended.status_code, ended.location) == (303, ERASURE)
    assert "Please confirm once more." in granted.get(ERASURE).text
    assert size(shop) == 2


def test_the_pages_speak_the_visitors_language(granted):
    german = {"Accept-Language": "de"}

    assert "Ihre Einträge" in granted.get(RECORDS, headers=german).text
    assert "Alles über mich löschen" in granted.get(ERASURE, headers=german).text
    receipt = granted.get(RECEIPT, headers=AS_BROWSER | german).text
    assert "In diesem Browser prüfen" in receipt


def test_a_record_tells_what_it_decided_itself_and_under_which_notice(client):
    made = {"analytics": "granted", "marketing": "granted", "audience": "objected"}
    record(client, made, vendors={"marketing:ads": "refused"})
    hand_over(client, SECRET)
    decide(client, "analytics", "refused")

    said = text_of(client.get(RECORDS).text)

    newest, oldest = said.split("Consent given, in the banner")
    assert "Allowed: analytics title and marketing title" in oldest
    assert "Not allowed: marketing title (Ads)" in oldest
    assert "Objected to: audience title" in oldest
    assert "Notice 1, published on" in oldest
    assert "marketing" not in newest


def test_a_long_history_comes_in_pages(granted, shop):
    for turn in range(PAGE_RECORDS):
        decide(granted, "marketing", ("refused", "granted")[turn % 2])

    first = granted.get(RECORDS).text
    older = re.search(r'rel="next" href="([^"]*)"', first)[1]
    last = granted.get(older).text

    assert len(re.findall(r'<li class="timeline__one">', first)) == PAGE_RECORDS
    assert "Newest answers" not in first
    assert re.findall(r"/v1/shop/records/(\d+)\"", last) == ["1"]
    assert "Newest answers" in last
    assert 'rel="next"' not in last


def test_nobody_pages_from_a_record_of_somebody_else(granted, app):
    somebody = app.test_client()
    decide(somebody, "analytics", "granted")

    assert granted.get(f"{RECORDS}?from=2").status_code == 404
    assert granted.get(f"{RECORDS}?from=1").status_code == 200
    assert app.test_client().get(f"{RECORDS}?from=1").status_code == 404


def test_the_copy_is_sent_piece_by_piece_and_is_the_same_as_by_program(client):
    for decision in ("granted", "refused", "granted"):
        record(client, {"analytics": decision})
    hand_over(client, SECRET)

    answer = client.get(f"{RECORDS}/export")

    assert "Content-Length" not in answer.headers
    assert answer.json == post(client, "export", {"secret": SECRET}).json


def test_each_right_leads_to_its_act(granted):
    page = granted.get(RECORDS).text

    rights = page.partition('id="rights"')[2]
    assert len(re.findall("<h3", rights)) == 6
    assert rights.count(f'href="{PAGE}"') == 3
    for act in (f"{RECORDS}/export", ERASURE):
        assert f'href="{act}"' in rights
