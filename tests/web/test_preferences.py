import re

import pytest

from consent.services.notices import publish
from tests.factories import (
    ORIGIN,
    SECRET,
    in_each,
    make_notice,
    purpose,
    site_file,
    vendor,
)
from tests.web.asking import post, record, size, verdict
from tests.web.filling import (
    FROM_SHOP,
    HERE,
    PAGE,
    decide,
    fields,
    hand_over,
    see,
    state,
    submit,
)

OTHER_SECRET = "f" * 32


def test_without_an_answer_everything_that_asks_is_off(client):
    page = see(client)

    assert state(page, "analytics") == "Not allowed: you have not decided."
    assert state(page, "audience") == "On, until you object."
    assert state(page, "necessary").startswith("Always on")
    assert "Nothing is allowed now" not in page  # audience measurement is


def test_looking_records_nothing_and_makes_no_secret(client, shop):
    see(client)

    assert size(shop) == 1
    assert "sites" not in client_session(client)


def client_session(client):
    with client.session_transaction() as session:
        return dict(session)


def test_a_grant_is_recorded_and_shown(client, shop):
    page = decide(client, "analytics", "granted")

    assert state(page, "analytics").startswith("Allowed by you on ")
    assert "Recorded as number 1." in page
    assert size(shop) == 2


def test_a_no_is_recorded_without_anybody(client, shop):
    page = decide(client, "analytics", "refused")

    assert state(page, "analytics") == "Not allowed: you said no."
    assert "A no needs no identifier" in page
    assert shop.ledger("shop").record(1).subject is None


def test_an_objection_is_shown_and_can_be_taken_back(client):
    objected = decide(client, "audience", "objected")
    allowed = decide(client, "audience", "granted")

    assert state(objected, "audience") == "Not allowed: you said no."
    assert state(allowed, "audience").startswith("Allowed by you on ")


def test_everything_can_be_withdrawn_in_one_step(client):
    decide(client, "analytics", "granted")
    decide(client, "marketing", "granted")

    page = submit(client, f"{PAGE}/withdraw")

    assert "Nothing is allowed now" in page
    for one in ("analytics", "marketing", "audience"):
        assert state(page, one).startswith("Not allowed: you said no on ")


def test_a_withdrawal_here_stops_the_token_that_the_shop_holds(client):
    token = record(client, {"analytics": "granted"})["token"]
    hand_over(client, SECRET)

    submit(client, f"{PAGE}/withdraw")

    assert verdict(client, "analytics", token) == (403, "withdrawn")


def test_a_handed_over_secret_shows_its_answer_and_the_way_back(client):
    record(client, {"analytics": "granted", "marketing": "refused"})

    page = hand_over(client, SECRET)

    assert state(page, "analytics").startswith("Allowed by you on ")
    assert state(page, "marketing").startswith("Not allowed: you said no on ")
    assert f'href="{ORIGIN}/"' in page
    assert SECRET not in page


def test_what_was_decided_here_reaches_the_shop_by_its_secret(client):
    hand_over(client, SECRET)

    decide(client, "analytics", "granted")

    token = post(client, "head", {"secret": SECRET}).json["token"]
    assert verdict(client, "analytics", token) == (200, "granted")


@pytest.mark.parametrize(
    "referrer", [None, "https://evil.example/", "http://localhost/", "http://[evil"]
)
def test_only_who_comes_from_the_site_may_hand_over(client, referrer):
    page = see(client, **({"Referer": referrer} if referrer else {}))

    assert "handover" not in page.replace("handover.js", "")


def test_a_pass_is_good_for_one_hand_over(client):
    page = see(client, **FROM_SHOP)
    submit(client, f"{PAGE}/handover", page, secret=SECRET)

    sent = fields(page, f"{PAGE}/handover") | {"secret": OTHER_SECRET}
    answer = client.post(f"{PAGE}/handover", data=sent, headers=HERE)

    assert answer.status_code == 403


def test_a_hand_over_never_replaces_an_answer_but_offers_the_other(client):
    record(client, {"analytics": "granted"})
    record(client, {"marketing": "granted"}, secret=OTHER_SECRET)
    hand_over(client, SECRET)

    page = hand_over(client, OTHER_SECRET)
    switched = submit(client, f"{PAGE}/switch", page)

    assert state(page, "analytics").startswith("Allowed by you")
    assert "another answer" in page
    assert state(switched, "analytics") == "Not allowed: you have not decided."
    assert state(switched, "marketing").startswith("Allowed by you")


def test_a_hand_over_never_replaces_a_no(client):
    record(client, {"analytics": "granted"})
    decide(client, "analytics", "refused")

    page = hand_over(client, SECRET)

    assert state(page, "analytics") == "Not allowed: you said no."
    assert "Show that answer" in page


def test_a_secret_without_a_record_gives_way(client):
    record(client, {"analytics": "granted"})
    hand_over(client, OTHER_SECRET)

    page = hand_over(client, SECRET)

    assert state(page, "analytics").startswith("Allowed by you")


def test_a_form_of_another_page_changes_nothing(client, shop):
    sent = fields(see(client), f"{PAGE}/analytics") | {"decision": "granted"}

    answer = client.post(
        f"{PAGE}/analytics", data=sent, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert size(shop) == 1


def test_without_the_forms_proof_nothing_changes_but_the_act_is_kept(client, shop):
    sent = fields(see(client), f"{PAGE}/analytics") | {"decision": "granted"}

    answer = client.post(
        f"{PAGE}/analytics", data=sent | {"csrf_token": "old"}, headers=HERE
    )
    recorded = size(shop)
    page = submit(client, f"{PAGE}/analytics", answer.text)

    assert answer.status_code == 400
    assert "press once more" in answer.text
    assert recorded == 1
    assert state(page, "analytics").startswith("Allowed by you")


def test_the_same_form_sent_twice_counts_once(client, shop):
    page = see(client)

    decide(client, "analytics", "granted", page)
    decide(client, "analytics", "granted", page)

    assert size(shop) == 2


def test_another_answer_on_a_used_page_is_asked_about_again(client, shop):
    page = see(client)
    decide(client, "analytics", "granted", page)
    sent = fields(page, f"{PAGE}/analytics") | {"decision": "refused"}

    answer = client.post(f"{PAGE}/analytics", data=sent, headers=HERE)
    after = submit(client, f"{PAGE}/analytics", answer.text)

    assert answer.status_code == 400
    assert state(after, "analytics").startswith("Not allowed: you said no on ")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"decision": "maybe"}, 422),
        ({"decision": "objected"}, 422),
        ({"key": "short"}, 422),
        ({"notice": "2"}, 422),
        ({"notice": "many"}, 422),
        ({"locale": "xx"}, 422),
    ],
)
def test_a_damaged_form_is_refused(client, shop, changes, status):
    sent = fields(see(client), f"{PAGE}/analytics") | {"decision": "granted"}

    answer = client.post(f"{PAGE}/analytics", data=sent | changes, headers=HERE)

    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert size(shop) == 1


@pytest.mark.parametrize("unasked", ["necessary", "telepathy"])
def test_nobody_decides_about_what_is_not_asked(client, unasked):
    sent = fields(see(client), f"{PAGE}/analytics") | {"decision": "refused"}

    answer = client.post(f"{PAGE}/{unasked}", data=sent, headers=HERE)

    assert answer.status_code == 422


def test_an_unknown_site_has_no_page(client):
    answer = client.get("/nowhere/preferences")

    assert answer.status_code == 404
    assert "There is no such page." in answer.text


def test_a_material_change_is_told(client, app):
    decide(client, "analytics", "granted")

    vendors = [*site_file()["vendors"], vendor("new", "analytics")]
    publish(app.extensions["consent"], make_notice(vendors=vendors))

    page = see(client)
    assert "this has changed since you answered" in page
    assert "Changed since your answer: a service or country was added." in page
    assert "Changed since your answer: analytics title." in page


def test_a_change_of_words_is_told_apart_from_one_that_matters(client, app):
    decide(client, "analytics", "granted")

    publish(
        app.extensions["consent"], make_notice(privacy_policy="https://shop.example/p")
    )

    page = see(client)
    assert "Notice 2 is in force now; nothing that you decided on has changed." in page
    assert state(page, "analytics").startswith("Allowed by you on ")


def test_it_tells_since_when_and_by_which_notice(client):
    page = decide(client, "analytics", "granted")

    told = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert "Receipt 1" in told["Your answer"]
    assert told["Notice"] == "1"
    assert '<time datetime="2026-' in told["When"]


def test_what_is_allowed_until_somebody_objects_can_be_withdrawn(client):
    """Nobody has decided anything yet, but something is allowed."""
    page = submit(client, f"{PAGE}/withdraw", see(client))

    assert state(page, "audience") == "Not allowed: you said no."


def test_the_right_to_object_is_said_where_there_is_one(client):
    page = see(client)

    assert page.count("You have the right to object at any time") == 1
    assert re.search(r'id="no-audience"[^>]*>Object</button>', page)
    assert re.search(r'id="no-analytics"[^>]*>Do not allow</button>', page)


def test_gpc_is_told_and_honoured(client):
    page = see(client, **{"Sec-GPC": "1"})

    assert "Global Privacy Control" in state(page, "marketing")
    assert "your data is neither sold nor shared unless you allow it here" in page
    assert "and we honour it" not in see(client)


def test_gpc_is_honoured_where_nothing_is_sold_anyway(client, app):
    purposes = [purpose("necessary", "exempt"), purpose("analytics")]
    vendors = [vendor("matomo", "analytics")]
    publish(app.extensions["consent"], make_notice(purposes=purposes, vendors=vendors))

    page = see(client, **{"Sec-GPC": "1"})

    assert "we honour it: nothing is sold or shared here" in page


def test_it_speaks_the_visitors_language_and_names_it(client):
    answer = client.get(PAGE, headers={"Accept-Language": "de-AT,en;q=0.5"})

    assert '<html lang="de" dir="ltr">' in answer.text
    assert "Datenschutz" in answer.text
    assert "What analytics is for. (de)" in answer.text


def test_the_language_of_the_address_wins_and_stays(client):
    page = client.get(f"{PAGE}?lang=de").text
    action = f"{PAGE}/analytics?lang=de"

    after = submit(client, action, page, decision="granted")

    assert "Von Ihnen erlaubt am" in after


def test_it_tells_machines_of_its_other_languages(client):
    page = see(client)

    addresses = {"en": "?lang=en", "de": "?lang=de", "x-default": ""}
    for locale, query in addresses.items():
        address = f"http://localhost{PAGE}{query}"
        assert f'<link rel="alternate" hreflang="{locale}" href="{address}">' in page


def test_what_was_done_comes_first_in_the_title(client):
    """Without scripts it is all that a screen reader says by itself."""
    page = decide(client, "analytics", "granted")

    assert "<title>Recorded as number 1. · Privacy settings" in page


def test_many_languages_fold_up_and_say_their_own_names(client, app):
    locales = ["en", "de", "fr", "ar", "ja"]
    told = in_each(site_file(), locales, lambda words: words["en"])
    publish(app.extensions["consent"], make_notice(**told | {"locales": locales}))

    page = see(client)

    assert '<details class="languages-menu">' in page
    assert re.search(
        r'<a [^>]*lang="ar" hreflang="ar" dir="rtl"[^>]*>العربية</a>', page
    )


def test_htmx_gets_the_part_and_others_the_page(client):
    part = client.get(PAGE, headers={"HX-Request": "true"})
    boosted = client.get(PAGE, headers={"HX-Request": "true", "HX-Boosted": "true"})
    whole = client.get(PAGE)

    assert part.text.lstrip().startswith('<div id="settings"')
    assert "HX-Request" in part.headers["Vary"]
    assert "HX-Request" in whole.headers["Vary"]
    for answer in (boosted, whole):
        assert answer.text.startswith("<!doctype html>")
        assert '<div id="settings"' in answer.text


def test_refusing_is_as_easy_as_allowing(client):
    """One button each, of one kind, in one form."""
    page = see(client)

    for one, no in (("analytics", "refused"), ("audience", "objected")):
        for value in (no, "granted"):
            button = rf'class="answers__button" id="\w+-{one}"'
            assert re.search(rf'{button} name="decision" value="{value}"', page)


def test_the_page_may_load_nothing_from_elsewhere(client):
    headers = client.get(PAGE).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"


def test_the_session_is_for_the_browsers_http_alone(client):
    cookie = client.get(PAGE).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def way_back(page):
    """Return the token in the link back to the shop, if there is one."""
    found = re.search(rf'href="{ORIGIN}/(?:#consent=([^"]+))?">Back to', page)
    assert found, page
    return found[1]


def test_the_way_back_takes_along_every_no_that_names_nobody(client, app):
    publish(app.extensions["consent"], make_notice(regime="opt-out"))
    see(client, **FROM_SHOP)
    decide(client, "analytics", "refused")

    page = decide(client, "audience", "objected")

    token = way_back(page)
    assert "Your no counts on the site itself once you go back" in page
    assert verdict(client, "analytics", token) == (403, "refused")
    assert verdict(client, "audience", token) == (403, "refused")
    assert verdict(client, "marketing", token) == (200, "default")


def test_the_way_back_takes_nothing_along_where_the_service_knows_the_answer(client):
    page = hand_over(client, SECRET)
    assert way_back(page) is None

    page = decide(client, "analytics", "granted", page)

    assert way_back(page) is None


def test_htmx_gets_the_way_back_with_the_answer(client):
    see(client, **FROM_SHOP)
    decide(client, "analytics", "refused")

    part = see(client, **{"HX-Request": "true"})

    swapped = part.partition('hx-swap-oob="innerHTML:#back"')[2]
    assert way_back(swapped)


def test_a_no_that_names_nobody_is_part_of_the_first_record_that_names_somebody(
    client, app, shop
):
    """Outside of opt-in what was refused would run again by default."""
    publish(app.extensions["consent"], make_notice(regime="opt-out"))
    decide(client, "marketing", "refused")

    page = decide(client, "analytics", "granted")

    record = shop.ledger("shop").record(3)
    made = {name: one.decision for name, one in record.decisions.items()}
    assert made == {"analytics": "granted", "marketing": "refused"}
    assert state(page, "marketing").startswith("Not allowed: you said no on ")


def test_without_javascript_the_page_says_how_far_a_choice_reaches(client):
    said = re.search(r"<noscript>(.*?)</noscript>", see(client), re.S)[1]

    assert "kept here only" in said
