"""The table of the check rule: `python -m tests.vectors.checks` writes checks.json.

Gateways in other languages read the same file: a state, tokens as they arrive, and
the verdict expected of each line of the rule and of each boundary of it. The
verdicts are written by hand; only the tokens are signed here.
"""

import json
from pathlib import Path

from itsdangerous.encoding import base64_encode
from nacl.signing import SigningKey

from consent.domain.tokens import Token, TokenSigner, VendorDecision

FILE = Path(__file__).with_name("checks.json")
AS_OF = 1_800_000_000
DAY = 86_400
NOW = AS_OF + 1

signer = TokenSigner(SigningKey(b"consent test vectors, key one..."))
retired = TokenSigner(SigningKey(b"consent test vectors, key two..."))
unknown = TokenSigner(SigningKey(b"consent test vectors, key three."))

# Ten entries: 0 publishes, 1 suspends nothing here, 2 was withdrawn, 3 superseded,
# 4 stands without a subject, the others are in force.
STATUSES = [1, 1, 1, 3, 1, 0, 0, 0, 0, 0]
PURPOSES = {
    "necessary": {"bit": 0, "basis": "exempt", "vendors": ["stripe"]},
    "analytics": {"bit": 1, "basis": "consent", "since": 2, "vendors": ["matomo"]},
    "marketing": {
        "bit": 2,
        "basis": "consent",
        "sells": True,
        "vendors": ["ads", "maps"],
    },
    "audience": {"bit": 3, "basis": "objection", "vendors": ["matomo"]},
    # Bits 4 to 32 belong to purposes of earlier versions: they are never reused.
    "support": {"bit": 33, "basis": "consent"},
}
ALL = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 33


def state(regime="opt-in", **changes):
    """Return a site state as the file tells it."""
    purposes = {
        name: {"since": 1, "sells": False, "vendors": [], **purpose}
        for name, purpose in PURPOSES.items()
    }
    notice = {"version": 3, "regime": regime, "purposes": purposes}
    return {
        "site": "shop",
        "max_stale_seconds": 60,
        "as_of": AS_OF,
        "statuses": STATUSES,
        "notice": notice | {"vendors": {"stripe": 0, "matomo": 1, "ads": 2, "maps": 3}},
        "suspended": [],
        "keys": {one.kid: public(one) for one in (signer, retired)},
    } | changes


def public(one):
    """Return a public key as JWKs have it."""
    return base64_encode(bytes(one.public)).decode()


def token(by=signer, **changes):
    """Return the text of a token; unless said otherwise it grants everything."""
    values = {
        "site": "shop",
        "number": 5,
        "notice": 3,
        "allowed": ALL,
        "exceptions": (),
        "gpc": False,
        "issued": AS_OF - DAY,
        "expires": AS_OF + DAY,
    }
    return by.sign(Token(**values | changes))


def exceptions(**made):
    """Return vendor decisions of marketing (bit 2), by the vendors' numbers."""
    numbers = {"ads": 2, "maps": 3}
    return tuple(VendorDecision(2, numbers[v], granted) for v, granted in made.items())


def altered(text, part, place):
    """Return a token with one character changed."""
    parts = text.split(".")
    old = parts[part]
    new = "A" if old[place] != "A" else "B"
    parts[part] = old[:place] + new + old[place:][1:]
    return ".".join(parts)


def with_other_padding_bits(text):
    """Return another text that lax decoders read as the same signature."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


STATES = {
    "usual": state(),
    "without a notice": state(notice=None),
    "analytics suspended": state(suspended=["analytics"]),
    "everything suspended": state(suspended=[*PURPOSES]),
    "ads suspended": state(suspended=[":ads"]),
    "without keys": state(keys={}),
    "opt-out": state("opt-out"),
    "inform": state("inform"),
}

GRANTED = token()
COMMON = {"number": None, "allowed": 1 << 3}
MIDNIGHT = NOW - NOW % DAY
# What the script hands out on a day: to everybody, and under Global Privacy Control.
HANDED_OUT = {"number": None, "issued": MIDNIGHT, "expires": MIDNIGHT + 2 * DAY}
EVERYBODY = token(**HANDED_OUT)
UNDER_GPC = token(**HANDED_OUT, allowed=ALL & ~(1 << 2), gpc=True)
OPTED_OUT = token(number=None, allowed=1 << 3 | 1 << 33)

CASES = []


def case(name, verdict, purpose, *tokens, **asked):
    """Add a case; its verdict is `allow` or `deny`, and the reason."""
    word, reason = verdict.split()
    CASES.append(
        {
            "name": name,
            "state": asked.pop("state", "usual"),
            "purpose": purpose,
            "vendor": asked.pop("vendor", None),
            "tokens": list(tokens),
            "gpc": asked.pop("gpc", False),
            "now": asked.pop("now", NOW),
            "allowed": word == "allow",
            "reason": reason,
        }
    )
    assert not asked


case("a purpose the notice lacks", "deny unknown", "telepathy", GRANTED)
case("a vendor the notice lacks", "deny unknown", "analytics", GRANTED, vendor="x")
case("a vendor of another purpose", "deny unknown", "analytics", GRANTED, vendor="ads")
case(
    "an unknown vendor of an exempt purpose", "deny unknown", "necessary", vendor="ads"
)
case("no notice at all", "deny unknown", "necessary", GRANTED, state="without a notice")

case("exempt, without a token", "allow necessary", "necessary")
case("exempt, with a broken token", "allow necessary", "necessary", "x")
case("exempt, for a vendor", "allow necessary", "necessary", vendor="stripe")
case("exempt, although stale", "allow necessary", "necessary", now=AS_OF + 10_000)
case(
    "exempt, although suspended",
    "allow necessary",
    "necessary",
    state="everything suspended",
)

case(
    "suspended, although granted",
    "deny suspended",
    "analytics",
    GRANTED,
    state="analytics suspended",
)
case(
    "suspended comes before stale",
    "deny suspended",
    "analytics",
    GRANTED,
    state="analytics suspended",
    now=AS_OF + 10_000,
)
case(
    "another purpose is not suspended",
    "allow granted",
    "marketing",
    GRANTED,
    state="analytics suspended",
)
case(
    "a suspended vendor",
    "deny suspended",
    "marketing",
    GRANTED,
    vendor="ads",
    state="ads suspended",
)
case(
    "no vendor named, while one of the purpose is suspended",
    "deny suspended",
    "marketing",
    GRANTED,
    state="ads suspended",
)
case(
    "a vendor of another purpose is suspended",
    "allow granted",
    "analytics",
    GRANTED,
    state="ads suspended",
)
case(
    "the other vendor of the same purpose",
    "allow granted",
    "marketing",
    GRANTED,
    vendor="maps",
    state="ads suspended",
)
case(
    "an objectionable purpose, suspended",
    "deny suspended",
    "audience",
    state="everything suspended",
)

case(
    "a state of just the age allowed",
    "allow granted",
    "analytics",
    GRANTED,
    now=AS_OF + 60,
)
case("a state a second older", "deny stale", "analytics", GRANTED, now=AS_OF + 61)
case("stale, without a token", "deny stale", "analytics", now=AS_OF + 61)
case("stale, with a broken token", "deny stale", "analytics", "x", now=AS_OF + 61)
case("stale, until objected to", "deny stale", "audience", now=AS_OF + 61)
case("stale comes before GPC", "deny stale", "marketing", gpc=True, now=AS_OF + 61)
case("a state from after now", "allow granted", "analytics", GRANTED, now=AS_OF - 5)

case("GPC and no token", "deny signal", "marketing", gpc=True)
case("GPC unseen by the token", "deny signal", "marketing", GRANTED, gpc=True)
case("GPC and a broken token", "deny signal", "marketing", "x", gpc=True)
case(
    "GPC seen by the token",
    "allow granted",
    "marketing",
    token(gpc=True),
    gpc=True,
)
case(
    "GPC seen, and refused",
    "deny refused",
    "marketing",
    token(gpc=True, allowed=0),
    gpc=True,
)
case(
    "GPC seen by another site's token",
    "deny signal",
    "marketing",
    token(gpc=True, site="other"),
    gpc=True,
)
case("GPC where nothing is sold", "allow granted", "analytics", GRANTED, gpc=True)
case(
    "GPC seen long ago, not sent now",
    "allow granted",
    "marketing",
    token(gpc=True),
)

case(
    "two tokens, GPC seen by the first only",
    "deny signal",
    "marketing",
    token(gpc=True),
    GRANTED,
    gpc=True,
)
case(
    "two tokens, GPC seen by the second only",
    "deny signal",
    "marketing",
    GRANTED,
    token(gpc=True),
    gpc=True,
)
case(
    "two tokens, GPC seen by both",
    "allow granted",
    "marketing",
    token(gpc=True),
    token(gpc=True, number=6),
    gpc=True,
)

case("no token", "deny missing", "analytics")
case("no token, for a vendor", "deny missing", "analytics", vendor="matomo")
case("no token, until objected to", "allow uncontested", "audience")
case(
    "no token for a vendor, until objected to",
    "allow uncontested",
    "audience",
    vendor="matomo",
)
case("no token, GPC, until objected to", "allow uncontested", "audience", gpc=True)

case("no token's shape", "deny invalid", "analytics", "pending")
case("an empty token", "deny invalid", "analytics", "")
case("a broken token is no objection, yet no yes", "deny invalid", "audience", "x")
case("another payload", "deny invalid", "analytics", altered(GRANTED, 1, 8))
case("another signature", "deny invalid", "analytics", altered(GRANTED, 2, 8))
case("another key id", "deny invalid", "analytics", altered(GRANTED, 0, 0))
case(
    "the key id of another trusted key",
    "deny invalid",
    "analytics",
    retired.kid + GRANTED[len(signer.kid) :],
)
case(
    "other bits after the last byte",
    "deny invalid",
    "analytics",
    with_other_padding_bits(GRANTED),
)
case("padded base64", "deny invalid", "analytics", GRANTED + "=")
case("surrounding space", "deny invalid", "analytics", f" {GRANTED}")
case("a letter beyond ASCII", "deny invalid", "analytics", f"{GRANTED}é")
case("four parts", "deny invalid", "analytics", f"{GRANTED}.x")
case("an unknown key", "deny invalid", "analytics", token(unknown))
case("no key is trusted", "deny invalid", "analytics", GRANTED, state="without keys")
case("a retired key still verifies", "allow granted", "analytics", token(retired))
case("another site's token", "deny invalid", "analytics", token(site="other"))
case(
    "a number past the ledger, settled long ago",
    "deny invalid",
    "analytics",
    token(number=10, issued=AS_OF - 11),
)
case(
    "a number past the ledger that may still arrive",
    "allow granted",
    "analytics",
    token(number=10, issued=AS_OF - 10),
)
case(
    "a token younger than the state",
    "allow granted",
    "analytics",
    token(number=11, issued=AS_OF + 1),
)
case(
    "a number past the ledger by a clock that is a little fast",
    "allow granted",
    "analytics",
    token(number=11, issued=NOW + 10),
)
case(
    "a number past the ledger, from the future",
    "deny invalid",
    "analytics",
    token(number=11, issued=NOW + 11),
)
case(
    "a number of the ledger, from the future",
    "allow granted",
    "analytics",
    token(number=5, issued=NOW + 600),
)
case(
    "a number past the ledger, long ago, and expired",
    "deny invalid",
    "analytics",
    token(number=10, issued=AS_OF - DAY, expires=AS_OF - 1),
)

case("the last second", "allow granted", "analytics", token(expires=NOW + 1))
case("the second it expires", "deny expired", "analytics", token(expires=NOW))
case(
    "expired comes before withdrawn",
    "deny expired",
    "analytics",
    token(number=2, expires=NOW),
)
case(
    "expired comes before outdated",
    "deny expired",
    "analytics",
    token(notice=1, expires=NOW),
)
case("a common token expires", "deny expired", "audience", token(**COMMON, expires=NOW))

case("the version that changed it", "allow granted", "analytics", token(notice=2))
case("a version newer than ours", "allow granted", "analytics", token(notice=4))
case("the version before", "deny outdated", "analytics", token(notice=1))
case("another purpose did not change", "allow granted", "marketing", token(notice=1))
case(
    "outdated comes before withdrawn",
    "deny outdated",
    "analytics",
    token(notice=1, number=2),
)
case(
    "a common token is outdated",
    "deny outdated",
    "analytics",
    token(**COMMON, notice=1),
)

case("a common token's yes", "allow default", "audience", token(**COMMON))
case("a common token's no", "deny refused", "analytics", token(**COMMON))
case("a common objection", "deny refused", "audience", token(number=None, allowed=0))

for regime in ("opt-out", "inform"):
    under = {"state": regime}
    for purpose, verdict in {
        "analytics": "allow default",
        "marketing": "allow default",
        "audience": "allow default",
    }.items():
        case(f"{regime}: never asked, {purpose}", verdict, purpose, EVERYBODY, **under)
    case(f"{regime}: nothing handed out", "deny missing", "analytics", **under)
    case(
        f"{regime}: nothing handed out, nothing needed",
        "allow uncontested",
        "audience",
        **under,
    )
    signalled = under | {"gpc": True}
    case(
        f"{regime}: a signal the script had not seen",
        "deny signal",
        "marketing",
        EVERYBODY,
        **signalled,
    )
    case(
        f"{regime}: a signal says nothing of what does not sell",
        "allow default",
        "analytics",
        EVERYBODY,
        **signalled,
    )
    case(
        f"{regime}: a signal honoured",
        "deny refused",
        "marketing",
        UNDER_GPC,
        **signalled,
    )
    case(
        f"{regime}: a signal honoured, for what does not sell",
        "allow default",
        "analytics",
        UNDER_GPC,
        **signalled,
    )
    case(f"{regime}: opted out", "deny refused", "analytics", OPTED_OUT, **under)
    case(
        f"{regime}: opted out of others", "allow default", "support", OPTED_OUT, **under
    )
    case(
        f"{regime}: opted out beside what is handed out",
        "deny refused",
        "analytics",
        EVERYBODY,
        OPTED_OUT,
        **under,
    )
    case(
        f"{regime}: granted under the signal",
        "allow granted",
        "marketing",
        token(gpc=True),
        **signalled,
    )

case(
    "the last second of what was handed out",
    "allow default",
    "marketing",
    token(**HANDED_OUT | {"expires": NOW + 1}),
    state="opt-out",
)
case(
    "what was handed out two days ago",
    "deny expired",
    "marketing",
    token(**HANDED_OUT | {"expires": NOW}),
    state="opt-out",
)
case(
    "handed out before the notice changed",
    "deny outdated",
    "analytics",
    token(**HANDED_OUT, notice=1),
    state="opt-out",
)

case("withdrawn", "deny withdrawn", "analytics", token(number=2))
case("superseded", "deny superseded", "analytics", token(number=3))
case("the number of no record", "deny withdrawn", "analytics", token(number=0))
case("a record without a subject", "deny withdrawn", "analytics", token(number=4))
case("the last number", "allow granted", "analytics", token(number=9))

case("granted", "allow granted", "analytics", GRANTED)
case("granted, bit 33", "allow granted", "support", token(allowed=1 << 33))
case("refused, bit 33", "deny refused", "support", token(allowed=ALL - (1 << 33)))
case("refused", "deny refused", "analytics", token(allowed=0))
case("objected", "deny objected", "audience", token(allowed=0))
case("not objected", "allow granted", "audience", token(allowed=1 << 3))
case(
    "an objection holds each vendor",
    "deny objected",
    "audience",
    token(allowed=0),
    vendor="matomo",
)
case(
    "not objected, for a vendor",
    "allow granted",
    "audience",
    token(allowed=1 << 3),
    vendor="matomo",
)
case(
    "a vendor follows its purpose", "allow granted", "marketing", GRANTED, vendor="ads"
)
case(
    "a vendor refused in a granted purpose",
    "deny refused",
    "marketing",
    token(exceptions=exceptions(ads=False)),
    vendor="ads",
)
case(
    "its neighbour is still granted",
    "allow granted",
    "marketing",
    token(exceptions=exceptions(ads=False)),
    vendor="maps",
)
case(
    "with no vendor named, refused while one of them is",
    "deny refused",
    "marketing",
    token(exceptions=exceptions(ads=False)),
)
case(
    "a vendor granted in a refused purpose",
    "allow granted",
    "marketing",
    token(allowed=0, exceptions=exceptions(maps=True)),
    vendor="maps",
)
case(
    "that grants nothing but the vendor",
    "deny refused",
    "marketing",
    token(allowed=0, exceptions=exceptions(maps=True)),
)
case(
    "another purpose's exceptions do not count",
    "allow granted",
    "analytics",
    token(exceptions=exceptions(ads=False)),
)

case("two tokens that allow", "allow granted", "analytics", GRANTED, token(number=6))
case(
    "two tokens, the first refuses",
    "deny refused",
    "analytics",
    token(allowed=0),
    GRANTED,
)
case(
    "two tokens, the second refuses",
    "deny refused",
    "analytics",
    GRANTED,
    token(allowed=0),
)
case(
    "two tokens, one withdrawn", "deny withdrawn", "analytics", GRANTED, token(number=2)
)
case("two tokens, one broken", "deny invalid", "analytics", GRANTED, "pending")
THREE = [GRANTED, token(number=6), token(number=7)]
case("three tokens that allow", "allow granted", "analytics", *THREE)
for place in range(3):
    tokens = [*THREE]
    tokens[place] = token(number=8, allowed=0)
    case(
        f"three tokens, number {place + 1} refuses",
        "deny refused",
        "analytics",
        *tokens,
    )


def document():
    """Return the whole file."""
    about = "Verdicts of check(state, tokens, purpose, now, vendor, gpc)."
    return {"about": about, "states": STATES, "cases": CASES}


if __name__ == "__main__":
    text = json.dumps(document(), indent=1, ensure_ascii=False)
    FILE.write_text(f"{text}\n", encoding="utf-8")
