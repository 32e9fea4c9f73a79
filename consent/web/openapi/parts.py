"""What several calls have in common: parameters, and the errors that may come."""

from typing import Annotated

from msgspec import Meta

from consent import errors
from consent.domain.vocabulary import Reason
from consent.web.openapi.operation import Parameter

Number = Annotated[int, Meta(ge=0)]
LastNumber = Annotated[int, Meta(ge=-1)]

SECRET_EXAMPLE = "5ec12e70" * 4
PATH = {
    one.name: one
    for one in (
        Parameter("site", "the key of a site", example="hummingbytes"),
        Parameter("purpose", "a purpose of the site", example="analytics"),
        Parameter("gateway", "the gateway's own name", example="edge"),
        Parameter("index", "which list; each has 262,144 entries", Number, example=0),
        Parameter("version", "a version of the notice", Number, example=1),
        Parameter("number", "the number of a record", Number, example=1),
        Parameter("level", "a level of the tree", example="0"),
        Parameter("place", "a tile (C2SP tlog-tiles)", example="000.p/1"),
    )
}
LANGUAGE = Parameter("lang", "a language of the site; else `Accept-Language` counts")
VENDOR = Parameter("vendor", "a vendor in the purpose")
AFTER = Parameter("after", "the last number known, -1 for none", LastNumber, True, -1)
LAST_AT = Parameter(
    "last_at", "when that entry was made, as it was told; 0 if it was not", Number
)
ORIGIN = Parameter("Origin", "one of the site's origins, exactly", required=True)
GPC = Parameter("Sec-GPC", "`1` where Global Privacy Control is on")
TOKEN = Parameter("Consent-Token", "the visitor's token; of several, all must allow")
SECRET = Parameter("Consent-Secret", "who asks", example=SECRET_EXAMPLE)
KNOWN = Parameter("If-None-Match", "the `ETag` of what is there already")
VERDICT = Parameter("Consent-Verdict", "the reason", Reason, True)

SITE = (errors.NotFound, errors.UnknownSite, errors.Unavailable)
BODY = (errors.MalformedBody, errors.BodyTooLarge, errors.UnsupportedMediaType)
POSTED = (*SITE, *BODY, errors.ForbiddenOrigin, errors.TooManyRequests)
WRITTEN = (
    *POSTED,
    errors.InvalidAccountProof,
    errors.InvalidChoice,
    errors.InvalidToken,
    errors.KeyReused,
    errors.UnknownRecord,
    errors.Overloaded,
    errors.MissingKey,
)
LEDGER = (*SITE, errors.Forked, errors.Unguarded, errors.MissingKey)
OWN = (*POSTED, *LEDGER, errors.UnknownRecord, errors.InvalidAccountProof)
OWN_RECEIPT = (
    *LEDGER,
    errors.UnknownRecord,
    errors.InvalidAccountProof,
    errors.TooManyRequests,
)
CHECKED = (
    *SITE,
    *BODY,
    errors.InvalidApiKey,
    errors.InvalidCheck,
    errors.TooManyRequests,
    errors.Forked,
)
REPORTED = (*SITE, *BODY, errors.InvalidApiKey, errors.TooManyRequests)
