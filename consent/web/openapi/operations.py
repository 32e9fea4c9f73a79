"""Every call of the JSON API; a test fails for an address that is not among them."""

from http import HTTPStatus

from consent import errors
from consent.domain.feed import Changes, Snapshot, StatusList
from consent.domain.reports import Report
from consent.services.bodies import ChoiceRequest, HeadRequest, WithdrawalRequest
from consent.services.checks import ChecksRequest
from consent.services.keys import JwkSet
from consent.web import answers
from consent.web.openapi import calls, parts
from consent.web.openapi.operation import Answer, Operation

GROUPS: dict[str, tuple[Operation, ...]] = {
    "Checks": (
        calls.get(
            "/v1/{site}/check/{purpose}",
            "May this fire?",
            Answer("It may.", headers=(parts.VERDICT,)),
            Answer("No.", status=HTTPStatus.FORBIDDEN, headers=(parts.VERDICT,)),
            errors=(),
            about="For proxies: any other method, and any path below, is answered "
            "alike. The site's cookie `consent_<site>` is as good as the header.",
            query=(parts.VENDOR,),
            headers=(parts.TOKEN, parts.GPC),
        ),
        calls.post(
            "checks",
            "Many checks at once",
            Answer("The verdicts, sent piece by piece.", answers.Verdicts),
            errors=parts.CHECKED,
            about="`subject` and `at` need an API key of the site.",
            headers=(parts.GPC,),
            body=ChecksRequest,
            example={"checks": [{"purpose": "analytics"}]},
            key="taken",
        ),
    ),
    "Site state": (
        calls.get(
            "/v1/{site}/state",
            "All but the status lists",
            Answer("The site state.", Snapshot),
            Answer("The same as before.", status=HTTPStatus.NOT_MODIFIED),
            headers=(parts.KNOWN,),
        ),
        calls.get(
            "/v1/{site}/status/{index}",
            "One status list",
            Answer("Two bits for each entry.", StatusList),
            Answer("The same as before.", status=HTTPStatus.NOT_MODIFIED),
            headers=(parts.KNOWN,),
        ),
        calls.get(
            "/v1/{site}/changes",
            "What happened after a number",
            Answer("In order, without gap.", Changes),
            errors=(*parts.SITE, errors.SnapshotNeeded, errors.AnotherLedger),
            query=(parts.AFTER, parts.LAST_AT),
        ),
    ),
    "Gateways": (
        calls.post(
            "gateways/{gateway}",
            "Report what was decided",
            Answer("Taken in, once.", status=HTTPStatus.NO_CONTENT),
            errors=parts.REPORTED,
            about="Counts by purpose and reason, of nobody.",
            headers=(),
            body=Report,
            example={
                "instance": "9a7e" * 8,
                "sequence": 1,
                "decided": {"analytics": {"granted": 1}},
            },
            key="needed",
        ),
    ),
    "Choices": (
        calls.post(
            "records",
            "Record a choice",
            calls.recorded(HTTPStatus.CREATED),
            body=ChoiceRequest,
            example={
                "key": calls.KEY,
                "secret": parts.SECRET_EXAMPLE,
                "notice": 1,
                "decisions": {"analytics": "granted"},
                "how": "api",
                "locale": "en",
            },
        ),
        calls.post(
            "withdrawals",
            "Withdraw some purposes, or all",
            calls.recorded(HTTPStatus.CREATED),
            body=WithdrawalRequest,
            example={"token": "kid.payload.signature", "key": calls.KEY},
        ),
        calls.post(
            "head",
            "The newest token",
            calls.recorded(HTTPStatus.OK),
            body=HeadRequest,
            example={"secret": parts.SECRET_EXAMPLE},
        ),
    ),
    "What a visitor may have": (
        calls.ask("history", "One's records", Answer("Newest first.", answers.History)),
        calls.ask(
            "export",
            "All of one's receipts",
            Answer("One document.", calls.Document, media_types=calls.JSON_LD),
        ),
        calls.get(
            "/v1/{site}/records/{number}",
            "A receipt",
            Answer(
                "For programs, or as a page.",
                calls.Document,
                media_types=(*calls.JSON_LD, "text/html"),
            ),
            errors=parts.OWN_RECEIPT,
            headers=(parts.SECRET,),
        ),
        calls.get(
            "/v1/{site}/records/{number}.jsonld",
            "A receipt as a file",
            Answer("The receipt.", calls.Document, media_types=calls.JSON_LD),
            errors=parts.OWN_RECEIPT,
            headers=(parts.SECRET,),
        ),
        calls.ask("erasure", "Erase oneself", Answer("Erased.", answers.Erased)),
    ),
    "Notices": (
        calls.get(
            "/v1/{site}/notice",
            "The notice in force",
            Answer("With its texts.", answers.PublishedNotice),
        ),
        calls.get(
            "/v1/{site}/notice/{version}",
            "Any version of the notice",
            Answer("For ever the same.", answers.PublishedNotice),
        ),
        calls.get(
            "/v1/{site}/cookies",
            "The cookie policy",
            Answer("In one language.", answers.CookiePolicy),
            query=(parts.LANGUAGE,),
        ),
        calls.get(
            "/v1/{site}/cookies.html",
            "The cookie policy as a part of a page",
            calls.part("No form, script, style or cookie."),
            query=(parts.LANGUAGE,),
        ),
        calls.get(
            "/v1/{site}/privacy",
            "The privacy policy",
            Answer("In one language.", answers.PrivacyPolicy),
            query=(parts.LANGUAGE,),
        ),
        calls.get(
            "/v1/{site}/privacy.html",
            "The privacy policy as a part of a page",
            calls.part("No form, script, style or cookie."),
            query=(parts.LANGUAGE,),
        ),
    ),
    "Ledger": (
        calls.get(
            "/v1/{site}/ledger/checkpoint",
            "The newest signed size and root",
            calls.text("A C2SP tlog-checkpoint."),
            errors=parts.LEDGER,
        ),
        calls.get(
            "/v1/{site}/ledger/keys",
            "The keys that verify checkpoints",
            calls.text("One a line."),
            errors=parts.LEDGER,
        ),
        calls.get(
            "/v1/{site}/ledger/tile/{level}/{place}",
            "Hashes of the Merkle tree",
            calls.octets("A C2SP tlog-tiles tile."),
            errors=parts.LEDGER,
        ),
        calls.get(
            "/v1/{site}/ledger/tile/entries/{place}",
            "Commitments of entries",
            calls.octets("An entry bundle."),
            errors=parts.LEDGER,
        ),
    ),
    "Service": (
        calls.get(
            "/.well-known/jwks.json",
            "The public keys of tokens",
            Answer("RFC 8037.", JwkSet, media_types=("application/jwk-set+json",)),
            errors=(),
        ),
        calls.get(
            "/healthz",
            "Does it live?",
            Answer("It does.", answers.Alive),
            errors=(),
        ),
        calls.get(
            "/readyz",
            "Is it ready?",
            Answer("It is.", answers.Readiness),
            Answer("What is wrong.", answers.Readiness, HTTPStatus.SERVICE_UNAVAILABLE),
            errors=(),
        ),
        calls.get(
            "/openapi.json",
            "This description",
            Answer("OpenAPI 3.1.", calls.Document),
            errors=(),
        ),
    ),
}
