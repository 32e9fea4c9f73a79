"""A record in terms of W3C DPV."""

from consent.domain import dpv
from tests.factories import NOW, choice, make_publication, make_terms, withdrawal

MADE = {"analytics": "granted", "marketing": "refused", "audience": "objected"}
PUBLICATION = make_publication()
TERMS = make_terms()
HEAD = choice(TERMS, MADE).following(None, 1, NOW)


def described(record):
    """Return a record in terms of others, and each of its purposes by id."""
    receipt = dpv.describe(record, PUBLICATION, "https://consent.example")
    activity = receipt["dpv:hasRecordOfActivity"]
    processes = {
        one["dpv:hasPurpose"]["dct:identifier"]: one
        for one in activity["dpv:hasProcess"]
    }
    return activity, processes


def status(node):
    return node.get("dpv:hasConsentStatus", {}).get("@type")


def test_consent_is_given_or_refused_and_an_objection_is_no_consent():
    activity, of = described(HEAD)

    assert activity["@type"] == "dpv:ConsentRecord"
    assert status(activity) == status(of["analytics"]) == "dpv:ConsentGiven"
    assert status(of["marketing"]) == "dpv:ConsentRefused"
    assert status(of["audience"]) is status(of["necessary"]) is None
    involved = of["audience"]["dpv:hasEntityInvolvement"]["@type"]
    assert involved == "dpv:ObjectingToProcess"


def test_an_objection_taken_back_is_no_consent_either():
    act = choice(TERMS, {"audience": "granted"}, after=1)
    _, of = described(act.following(HEAD, 2, NOW))

    assert status(of["audience"]) is None
    assert "dpv:hasEntityInvolvement" not in of["audience"]


def test_what_is_withdrawn_is_told_from_what_was_refused_before():
    act = withdrawal(TERMS, "analytics")
    activity, of = described(act.following(HEAD, 2, NOW))

    assert status(activity) == status(of["analytics"]) == "dpv:ConsentWithdrawn"
    assert status(of["marketing"]) == "dpv:ConsentRefused"


def test_only_consent_rests_on_consent():
    _, of = described(HEAD)

    bases = {name: one["dpv:hasLegalBasis"]["@type"] for name, one in of.items()}
    assert bases == {
        "necessary": "dpv:LegalBasis",
        "analytics": "dpv:Consent",
        "marketing": "dpv:Consent",
        "audience": "dpv:LegalBasis",
    }
