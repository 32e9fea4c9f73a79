"""A record in words of others: ISO/IEC TS 27560 fields as W3C DPV terms, in JSON-LD.

What DPV has no term for is under `consent:`. Texts are the notice's own, in the
language that was shown.
"""

from typing import Any

from consent.domain.entries import Made, Publication, Record
from consent.domain.instants import written
from consent.domain.notices import Cookie, Purpose, Text, Vendor
from consent.domain.vocabulary import Action, Basis, Decision

_IRI = {"@type": "@id"}
_TIME = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "consent": "urn:consent:",
    "dct:conformsTo": _IRI,
    "dct:created": _TIME,
    "dct:issued": _TIME,
    "dpv:isExercisedAt": _IRI,
    "dpv:isIndicatedAtTime": _TIME,
    "dpv:isIndicatedBy": _IRI,
    "consent:at": _TIME,
    "consent:madeAt": _TIME,
    "evidence": {"@id": "consent:evidence", "@type": "@json"},
}
_PROFILE = "https://w3id.org/dpv/schema/dpv-27560"
_STATUS = {
    Action.GIVEN: "dpv:ConsentGiven",
    Action.CHANGED: "dpv:ConsentGiven",
    Action.REFUSED: "dpv:ConsentRefused",
    Action.WITHDRAWN: "dpv:ConsentWithdrawn",
}
Node = dict[str, Any]


def describe(record: Record, publication: Publication, address: str) -> Node:
    """Return a record as a consent receipt, without its evidence.

    `address` is where the service is reached. Equal arguments give equal receipts.
    """
    identifier = f"{record.site} {record.number}"
    return {
        "@context": CONTEXT,
        "@id": f"{address}/v1/{record.site}/records/{record.number}",
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": f"{_PROFILE}#receipt",
        "dct:identifier": identifier,
        "dct:created": written(record.at),
        "dpv:hasRecordOfActivity": {
            "@type": "dpv:ConsentRecord",
            "dct:conformsTo": f"{_PROFILE}#record",
            "dct:identifier": identifier,
            "dpv:hasDataSubject": _subject(record),
            "dpv:hasDataController": _controller(publication),
            "dpv:hasNotice": _notice(record, publication, address),
            "dpv:hasProcess": [
                _process(purpose, record, publication)
                for purpose in publication.notice.purposes
            ],
            "dpv:hasConsentControl": {
                "@type": ["dpv:ProvideConsent", "dpv:WithdrawConsent"],
                "dpv:isExercisedAt": f"{address}/{record.site}/preferences",
            },
            "dpv:hasRight": _rights(record, publication, address),
            "dpv:hasConsentStatus": _status(record, publication),
            "dpv:hasStorageCondition": {
                "@type": "dpv:StorageDuration",
                "dct:description": "after the consent has ended",
                "dpv:hasDuration": f"P{publication.notice.proof_days}D",
            },
            **_act(record),
        },
    }


def _subject(record: Record) -> Node:
    pseudonym = record.subject.hex() if record.subject else ""
    return {"@type": "dpv:DataSubject", "dct:identifier": pseudonym}


def _controller(publication: Publication) -> Node:
    controller = publication.notice.controller
    return {
        "@type": "dpv:DataController",
        "dpv:hasName": controller.name,
        "dpv:hasContact": controller.contact,
    }


def _notice(record: Record, publication: Publication, address: str) -> Node:
    texts = publication.notice.texts
    shown = {
        "dct:title": words(texts.heading, record.locale) if texts else None,
        "dct:description": words(texts.intro, record.locale) if texts else None,
    }
    return _without_none(
        {
            "@id": f"{address}/v1/{record.site}/notice/{publication.version}",
            "@type": "dpv:ConsentNotice",
            "dct:identifier": f"{record.site} notice {publication.version}",
            "dct:issued": written(publication.public_since.at),
            "dct:language": record.locale,
            **shown,
            "consent:number": publication.number,
            "consent:sha256": publication.digest,
        }
    )


def _process(purpose: Purpose, record: Record, publication: Publication) -> Node:
    lang = record.locale
    made = record.decisions.get(purpose.id)
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@type": "dpv:Purpose",
            "dct:identifier": purpose.id,
            "dct:title": words(purpose.title, lang),
            "dct:description": words(purpose.description, lang),
        },
        "dpv:hasLegalBasis": {
            "@type": "dpv:Consent"
            if purpose.basis is Basis.CONSENT
            else "dpv:LegalBasis",
            "dct:description": words(purpose.law, lang),
            "consent:basis": str(purpose.basis),
        },
        "consent:sells": purpose.sells,
        "dpv:hasRecipient": [
            _recipient(vendor, purpose, lang)
            for vendor in publication.notice.vendors_of(purpose.id)
        ],
        **(_decided(made, record, purpose) if made else {}),
    }


def _recipient(vendor: Vendor, purpose: Purpose, lang: str) -> Node:
    return _without_none(
        {
            "@type": "dpv:Recipient",
            "dct:identifier": vendor.id,
            "dpv:hasName": vendor.name,
            "dct:description": words(vendor.role, lang),
            "dpv:hasCountry": vendor.country,
            "consent:safeguards": words(vendor.safeguards, lang)
            if vendor.safeguards
            else None,
            "consent:policy": vendor.policy,
            "consent:loadsFrom": list(vendor.hosts),
            "consent:stores": [
                _stored(cookie, lang)
                for cookie in vendor.cookies
                if cookie.purpose == purpose.id
            ],
        }
    )


def _stored(cookie: Cookie, lang: str) -> Node:
    return {
        "dct:identifier": cookie.name,
        "dct:description": words(cookie.description, lang),
        "consent:type": str(cookie.type),
        "consent:party": str(cookie.party),
        "consent:lifetime": cookie.lifetime,
    }


def _decided(made: Made, record: Record, purpose: Purpose) -> Node:
    """Return what was decided about a purpose; an objection is no consent."""
    if made.decision is Decision.OBJECTED:
        return {"dpv:hasEntityInvolvement": {"@type": "dpv:ObjectingToProcess"}}
    if purpose.basis is not Basis.CONSENT:
        return {}
    status = "dpv:ConsentGiven"
    if made.decision is Decision.REFUSED:
        took_back = record.action is Action.WITHDRAWN and made.number == record.number
        status = "dpv:ConsentWithdrawn" if took_back else "dpv:ConsentRefused"
    indicated = {"dpv:isIndicatedAtTime": written(made.at)}
    return {"dpv:hasConsentStatus": {"@type": status} | indicated}


def _rights(record: Record, publication: Publication, address: str) -> list[Node]:
    places = [f"{address}/{record.site}/preferences", publication.notice.privacy_policy]
    return [
        {"@type": "dpv:DataSubjectRight", "dpv:isExercisedAt": place}
        for place in places
        if place
    ]


def _status(record: Record, publication: Publication) -> Node:
    return {
        "@type": _STATUS[record.action],
        "dpv:isIndicatedBy": "dpv:DataSubject",
        "dpv:isIndicatedAtTime": written(record.at),
        "dpv:hasIndicationMethod": str(record.how),
        "dpv:hasDuration": f"P{publication.notice.term_days_under(record.regime)}D",
    }


def _act(record: Record) -> Node:
    """Return what was done, in our own words, all decisions that hold included."""
    return _without_none(
        {
            "consent:number": record.number,
            "consent:previous": record.previous,
            "consent:action": str(record.action),
            "consent:regime": str(record.regime),
            "consent:layout": record.layout,
            "consent:gpc": record.gpc,
            "consent:madeAt": written(record.made_at) if record.made_at else None,
            "consent:decisions": [
                {
                    "dct:identifier": name,
                    "consent:decision": str(made.decision),
                    "consent:number": made.number,
                    "consent:notice": made.notice,
                    "consent:at": written(made.at),
                    "consent:gpc": made.gpc,
                }
                for name, made in sorted(record.decisions.items())
            ],
        }
    )


def words(text: Text, lang: str) -> str:
    """Return a text in a language, or in the one it was written in."""
    return text.get(lang) or next(iter(text.values()))


def _without_none(node: Node) -> Node:
    return {name: value for name, value in node.items() if value is not None}
