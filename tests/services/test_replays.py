"""Replays of records, whatever was published and upgraded since."""

import msgspec
import pytest

from consent.domain.publications import Draft
from consent.domain.removals import Purge
from consent.domain.replays import Layer
from consent.domain.vocabulary import Regime
from consent.errors import UnknownRecord
from consent.services import choices, notices, replays, stages, subjects
from consent.services.bodies import ChoiceRequest, WithdrawalRequest
from consent.services.replays import Fidelity
from consent.services.scripts import sha256_of
from tests.factories import (
    ORIGIN_OF_LEDGER,
    SECRET,
    SITE,
    body,
    fresh_key,
    make_notice,
)

GRANT = {"analytics": "granted"}
ALL = dict.fromkeys(("analytics", "marketing", "audience"), "granted")


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def choose(runtime, made=GRANT, **changes):
    """Record a choice made on the box; return its number."""
    asked = body(made, **{"layout": "box"} | changes)
    choices.record_choice(runtime, SITE, msgspec.convert(asked, ChoiceRequest))
    return runtime.follower.state(SITE).size - 1


def states(replay):
    return {one.title.split()[0]: one.state for one in replay.shown.purposes}


def test_a_record_tells_what_was_shown_and_chosen(shop):
    replay = replays.replay(shop, SITE, choose(shop, locale="de"))

    assert replay.fidelity is Fidelity.EXACT
    assert replay.shown.layer is Layer.BOX
    assert replay.shown.buttons == (
        "Alle ablehnen",
        "Alle akzeptieren",
        "Einstellungen",
    )
    assert [(name, made.decision) for name, made in replay.chosen] == [
        ("analytics title (de)", "granted")
    ]


def test_a_vendor_that_was_excepted_is_named(shop):
    number = choose(shop, ALL, vendors={"marketing:ads": "refused"})

    chosen = replays.replay(shop, SITE, number).chosen

    assert [(name, made.decision) for name, made in chosen] == [
        ("analytics title", "granted"),
        ("marketing title", "granted"),
        ("marketing title: Ads", "refused"),
        ("audience title", "granted"),
    ]


def test_a_record_is_shown_under_the_script_that_preceded_it(shop, upgraded):
    before = choose(shop)
    later = upgraded("banner.js")
    notices.renew(later)
    after = choose(later, secret="1" * 32)

    old, new = (replays.replay(later, SITE, number) for number in (before, after))

    assert (old.publication.number, old.fidelity) == (0, Fidelity.REDRAWN)
    assert (new.publication.number, new.fidelity) == (2, Fidelity.EXACT)
    assert old.shown == new.shown
    assert replays.replay(shop, SITE, before).fidelity is Fidelity.EXACT


def test_settings_that_changed_since_are_not_what_was_served(shop, upgraded):
    number = choose(shop)

    assert replays.replay(upgraded("dialog.js"), SITE, number).fidelity == "redrawn"


def test_the_texts_are_those_of_the_ledger_whatever_translations_say_now(runtime):
    def worded(publication):
        script = runtime.scripts.script(publication, "en", Regime.OPT_IN)
        script.config["texts"]["reject"] = "No, thanks"
        told = runtime.scripts.built(script.config)
        return {"en": msgspec.structs.replace(script, sha256=sha256_of(told))}

    notice = make_notice(locales=["en"])
    runtime.writer.append(Draft(notice, ORIGIN_OF_LEDGER, worded))

    replay = replays.replay(runtime, SITE, choose(runtime))

    assert replay.shown.buttons[0] == "No, thanks"
    assert replay.fidelity is Fidelity.EXACT


def test_a_publication_without_scripts_is_drawn_by_this_release_and_says_so(runtime):
    runtime.writer.append(Draft(make_notice(), ORIGIN_OF_LEDGER))

    replay = replays.replay(runtime, SITE, choose(runtime))

    assert replay.fidelity is Fidelity.UNKNOWN
    assert replay.shown.heading == "Your choice about cookies"


def test_the_settings_are_shown_as_the_visitor_found_them(shop):
    first = choose(shop)
    second = choose(shop, {"marketing": "granted"}, layout="dialog", after=first)

    assert states(replays.replay(shop, SITE, second)) == {
        "necessary": "Always on",
        "analytics": "Allowed",
        "marketing": "Not allowed",
        "audience": "Allowed",
    }


def test_what_was_chosen_before_and_purged_is_not_made_up(shop):
    first = choose(shop, made_at="2026-01-01T00:00:00Z")
    second = choose(shop, {"marketing": "granted"}, layout="dialog", after=first)
    shop.writer.append(Purge(SITE, second))

    assert states(replays.replay(shop, SITE, second))["analytics"] == "Not allowed"


def test_a_box_that_asked_though_all_was_decided_is_drawn_as_it_asked(shop):
    """The browser had lost its token, and kept its secret."""
    choose(shop, ALL)

    replay = replays.replay(shop, SITE, choose(shop, ALL, after=1))

    assert replay.before is None
    assert len(replay.shown.purposes) == 3


def test_a_choice_sent_late_is_shown_at_the_moment_it_was_made(shop):
    number = choose(shop, made_at="2026-01-02T03:04:05Z")

    assert f"{replays.replay(shop, SITE, number).acted_at:%F %T}" == (
        "2026-01-02 03:04:05"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"how": "preferences"}, "Made in the preference center"),
        ({"how": "api"}, "Made through the API"),
        ({"how": "banner", "layout": None}, "names no layer"),
    ],
)
def test_what_was_not_answered_on_a_banner_says_so(shop, changes, said):
    replay = replays.replay(shop, SITE, choose(shop, **changes))

    assert replay.shown is None
    assert said in replays.said_without_banner(replay.record, "en")
    page = stages.page(shop, replay)
    assert said in page
    assert "consent-banner" not in page


def test_a_withdrawal_by_token_was_made_through_the_api(shop):
    answer = choices.record_choice(
        shop, SITE, msgspec.convert(body(GRANT), ChoiceRequest)
    )
    asked = WithdrawalRequest(token=answer.token, key=fresh_key())
    shop.follower.poll()
    withdrawn = choices.withdraw(shop, SITE, asked)

    assert replays.replay(shop, SITE, withdrawn.number).shown is None


@pytest.mark.parametrize("number", [0, 7, -1, 2**70])
def test_what_is_no_record_has_no_replay(shop, number):
    choose(shop)

    with pytest.raises(UnknownRecord):
        replays.replay(shop, SITE, number)


def test_an_erased_record_has_no_replay(shop):
    number = choose(shop)
    subject = subjects.holder(shop, SITE, SECRET)
    subjects.erase(shop, SITE, subject)

    with pytest.raises(UnknownRecord):
        replays.replay(shop, SITE, number)


def test_only_the_subject_itself_sees_its_record(shop):
    mine = choose(shop)
    bare_no = choose(shop, {"analytics": "refused"}, secret=None)

    assert replays.own_replay(shop, SITE, mine, SECRET).record.number == mine
    for number, secret in [(mine, "1" * 32), (mine, None), (bare_no, SECRET)]:
        with pytest.raises(UnknownRecord):
            replays.own_replay(shop, SITE, number, secret)


def test_each_kind_of_fidelity_has_its_sentence_in_each_language():
    said = {
        replays.said_of_fidelity(fidelity, locale)
        for fidelity in Fidelity
        for locale in ("en", "de")
    }

    assert len(said) == 6


def test_texts_of_an_operator_cannot_leave_their_place_in_the_page(shop):
    words = {"en": "</script><script>alert(1)</script>", "de": "<b>"}
    texts = {"heading": words, "intro": words}
    notices.publish(shop, make_notice(texts=texts))

    page = stages.page(shop, replays.replay(shop, SITE, choose(shop, notice=2)))

    assert "alert(1)</script>" not in page
