"""What a layer showed, by what its script was told and who came."""

import msgspec
import pytest

from consent.domain import replays
from consent.domain.issuing import numbered_token
from consent.domain.replays import Layer
from consent.domain.vocabulary import How, Regime
from consent.services.scripts import Scripts
from tests.factories import NOW, choice, make_notice, make_publication, make_terms

TERMS = make_terms()
SCRIPT = Scripts().script(make_publication(), "en", Regime.OPT_IN)
SOON = NOW.timestamp() + 60
NEVER_BEFORE = {"before": None, "gpc": False, "now": SOON}


def token_after(made, terms=TERMS, **changes):
    record = choice(terms, made, **changes).following(None, 1, NOW)
    return numbered_token(record, terms)


def states(**seen):
    shown = replays.shown(SCRIPT, Layer.DIALOG, **NEVER_BEFORE | seen)
    return {one.title.split()[0]: one.state for one in shown.purposes}


def test_the_box_shows_what_it_asks_about_and_three_buttons_of_one_class():
    shown = replays.shown(SCRIPT, Layer.BOX, **NEVER_BEFORE)

    assert shown.heading == "Your choice about cookies"
    assert shown.intro.startswith("Shop asks before using cookies")
    assert shown.facts == (
        "analytics title · marketing title · audience title · 4 services in all"
    )
    assert shown.buttons == ("Reject all", "Accept all", "Settings")
    assert shown.button_class == "consent-banner__button"
    assert shown.links == ("Details and all services",)


def test_a_link_to_the_privacy_policy_is_shown_where_there_is_one():
    notice = make_notice(privacy_policy="https://shop.example/privacy")
    script = Scripts().script(make_publication(notice), "de", Regime.OPT_IN)

    assert replays.shown(script, Layer.BOX, **NEVER_BEFORE).links == (
        "Einzelheiten und alle Dienste",
        "Datenschutzerklärung",
    )


def test_the_dialog_shows_every_purpose_and_how_its_switch_stood():
    shown = replays.shown(SCRIPT, Layer.DIALOG, **NEVER_BEFORE)

    assert [(one.title, one.state) for one in shown.purposes] == [
        ("necessary title", "Always on"),
        ("analytics title", "Not allowed"),
        ("marketing title", "Not allowed"),
        ("audience title", "Allowed"),
    ]
    assert shown.purposes[2].vendors == ("Maps", "Ads")
    assert shown.buttons == ("Reject all", "Accept all", "Save choice")


def test_who_came_back_saw_what_they_had_chosen():
    before = token_after({"analytics": "granted", "audience": "objected"})

    assert states(before=before) == {
        "necessary": "Always on",
        "analytics": "Allowed",
        "marketing": "Not allowed",
        "audience": "Not allowed",
    }


def test_a_refused_vendor_turns_the_switch_of_its_purpose_off():
    before = token_after({"marketing": "granted"}, vendors={"marketing:ads": "refused"})

    assert states(before=before)["marketing"] == "Not allowed"


def test_global_privacy_control_turns_a_selling_purpose_off():
    before = token_after({"analytics": "granted", "marketing": "granted"})

    seen = states(before=before, gpc=True)

    assert (seen["analytics"], seen["marketing"]) == ("Allowed", "Not allowed")


def test_nobody_is_asked_again_before_the_term_ends():
    made = dict.fromkeys(("analytics", "marketing", "audience"), "granted")
    before = token_after(made)

    assert not replays.is_asked(SCRIPT.config, before, SOON)
    assert replays.is_asked(SCRIPT.config, before, before.expires)
    assert replays.is_asked(SCRIPT.config, None, SOON)


@pytest.mark.parametrize(
    ("how", "layout", "layer"),
    [
        (How.BANNER, "box", Layer.BOX),
        (How.BANNER, "dialog", Layer.DIALOG),
        (How.BANNER, None, None),
        (How.BANNER, "carousel", None),
        (How.PREFERENCES, "purpose", None),
        (How.API, "box", None),
    ],
)
def test_only_what_was_answered_on_the_banner_has_a_layer(how, layout, layer):
    record = choice(TERMS, {"analytics": "granted"}, how=how, layout=layout)

    assert replays.layer_of(record.following(None, 1, NOW)) is layer


HONOURED = "Your browser sends Global Privacy Control, and we honour it"


def test_who_sent_gpc_was_told_that_it_is_honoured():
    box = replays.shown(SCRIPT, Layer.BOX, **NEVER_BEFORE | {"gpc": True})
    dialog = replays.shown(SCRIPT, Layer.DIALOG, **NEVER_BEFORE | {"gpc": True})

    assert HONOURED in box.intro
    told = [one.title for one in dialog.purposes if HONOURED in one.description]
    assert told == ["marketing title"]


def test_who_sent_none_or_allowed_it_all_the_same_was_not_told_so():
    before = token_after({"marketing": "granted"}, gpc=True)

    for seen in (NEVER_BEFORE, NEVER_BEFORE | {"before": before, "gpc": True}):
        assert HONOURED not in replays.shown(SCRIPT, Layer.BOX, **seen).intro


def test_ledgers_of_a_release_that_did_not_say_so_are_replayed_as_they_were():
    told = {name: value for name, value in SCRIPT.config.items() if name != "gpc"}
    script = msgspec.structs.replace(SCRIPT, config=told)

    shown = replays.shown(script, Layer.DIALOG, **NEVER_BEFORE | {"gpc": True})

    assert shown.purposes[2].description == "What marketing is for."
