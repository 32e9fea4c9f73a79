"""Regions by their ISO 3166 codes, and which of a site's regimes holds in one."""

import re
from collections.abc import Iterable, Mapping

from consent.domain.vocabulary import Regime

ELSEWHERE = "*"
"""What a site file calls all regions that it does not name."""


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


# With the regions that have codes of their own and are part of it all the same.
_EU = _codes(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "
    "AX GF GP MF MQ RE YT"
)
GROUPS = {"EU": _EU, "EEA": _EU | {"IS", "LI", "NO"}}
"""The groups that a site file may name, the smaller first."""

COUNTRIES = _codes(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM "
    "BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX "
    "CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG "
    "GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV "
    "LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE "
    "NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO "
    "RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF "
    "WS YE YT ZA ZM ZW"
)
"""ISO 3166-1 alpha-2."""

_STATES = _codes(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT "
    "NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
_STRICTEST_FIRST = list(Regime)
_REGION = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")


def region_from(text: str | None) -> str | None:
    """Return the region that a header or an address names, if there is such a one.

    Proxies say `XX`, `T1` or nothing where they do not know it.
    """
    found = _REGION.fullmatch((text or "").strip().upper().rstrip("-"))
    return found[0] if found and found[1] in COUNTRIES else None


def is_region(name: str) -> bool:
    """Tell whether a site file may name this: a region, a group, or all others."""
    if name == ELSEWHERE or name in GROUPS:
        return True
    country, _, part = name.partition("-")
    known = region_from(name) == name
    return known and (country != "US" or not part or part in _STATES)


def strictest(regimes: Iterable[Regime]) -> Regime:
    """Return the strictest of some regimes."""
    return min(regimes, key=_STRICTEST_FIRST.index)


def regime_in(region: str | None, regimes: Mapping[str, Regime]) -> Regime:
    """Return the regime that holds in a region; if that is not known, the strictest.

    The narrowest name counts. Of whoever is known to be in a country and no more,
    the strictest that may hold there.
    """
    if region is None:
        return strictest(regimes.values())
    country, _, part = region.partition("-")
    groups = [name for name, members in GROUPS.items() if country in members]
    names = [region, country, *groups, ELSEWHERE]
    named = [regimes[name] for name in names if name in regimes]
    holds = named[0] if named else strictest(regimes.values())
    if part:
        return holds
    inside = f"{country}-"
    return strictest(
        [holds, *(one for name, one in regimes.items() if name.startswith(inside))]
    )
