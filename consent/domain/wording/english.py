"""The rules in English."""

from consent.domain.wording.rules import (
    CONDITIONAL,
    DOUBLE_NEGATIVE,
    FINAL,
    IMPLIED,
    LOSS,
    NECESSITY,
    ONE_SIDED,
    PRESSURE,
    SHAMING,
    VAGUE,
    Language,
)

_AGREE = r"\b(?:agree|accept|consent|allow|permit)\b(?! (?:nothing|only|none))"
_ALLOWING = r"(?:accept|agree|allow|consent|say(?:ing)? yes)(?:ing)?\b"
_WITHOUT = rf"without (?:your )?(?:consent|permission|agreement|{_ALLOWING})"
_PLEASED = r"(?:agree|accept|consent|happy|ok|okay|fine)\b"
_REFUSE = (
    r"(?:refuse|reject|decline|say no|do(?: not|n't) (?:accept|agree|consent|allow))"
)
_WE = r"\bwe(?: will| shall|'ll)?"
_SITE = r"(?:site|website|page|shop|store|service|app|platform)\b"
_THIS_SITE = rf"\b(?:this|our|the) (?:\w+ )?{_SITE}"
# A video on the site may well need consent; the site itself does not.
_SITE_ITSELF = rf"(?<!\bon )(?<!\bin )(?<!\bof )(?<!\bat )(?<!\bfor ){_THIS_SITE}"
_SCROLLING = (
    r"(?:continuing|scrolling|browsing|navigating|proceeding|staying|remaining|closing"
    r"|dismissing|ignoring|doing nothing|clicking (?:anywhere|outside|any link))"
)
_GOING_ON = rf"(?:{_SCROLLING}|(?:using|visiting|entering) {_THIS_SITE})"
_FAILS = r"(?:does not|doesn't|do not|don't|will not|won't|cannot|can't)"
_CHOICE = r"\b(?:choice|decision|consent|answer)"
_PEOPLE = r"(?:people|visitors|users|customers|fans|readers)"

ENGLISH = Language(
    negated=(
        r"\b(?:not|never|no|nothing|none|neither|nor|cannot|without|beyond|besides"
        r"|except|(?:other|more) than|non|refus\w*|reject\w*|declin\w*|withdraw\w*)\b"
        r"|n't\b"
    ),
    both_ways=(
        r"\b(?:reject\w*|refus\w*|declin\w*|deny|object|opt out|say(?:ing)? no"
        r"|or no|or not)\b"
    ),
    patterns={
        IMPLIED: [
            rf"\bby {_GOING_ON}…\byou (?:\w+ )?(?:{_AGREE}"
            r"|\b(?:give|indicate|signal|express) your (?:agreement|consent)\b)",
            rf"\byou (?:\w+ )?{_AGREE}…\bif you (?:continue|keep|stay|scroll|go on)\b",
            rf"\byou (?:\w+ )?{_AGREE}…\bby {_GOING_ON}",
            r"\bif you (?:continue|keep|go on|carry on|stay|scroll|close|do nothing"
            r"|do(?: not|n't) (?:object|respond|react|choose))\b…"
            rf"(?:\byou (?:\w+ )?{_AGREE}|{_WE}"
            rf" (?:assume|take it|consider)…\byou(?: are|'re)? {_PLEASED})",
            rf"{_WE} assume (?:that )?you(?: are|'re)? {_PLEASED}",
            r"\b(?:(?:continued|further) (?:use|browsing)|silence|inactivity"
            rf"|{_SCROLLING})\b…\b(?:means?|implies|constitutes|indicates|counts as"
            r"|equals|is (?:taken|treated|understood|considered)) (?:as )?"
            r"(?:that )?(?:you |your |an? )?(?:consent|agree|agreement|acceptance"
            r"|yes)\b",
        ],
        CONDITIONAL: [
            r"^…\b(?:need|require)s? your (?:consent|permission|agreement) "
            r"(?:to|before you can|so that you can|in order to) (?:continue|proceed"
            r"|enter|function|work(?! with)"
            rf"|(?:use|access|visit|open|load|run|show you|offer you) {_THIS_SITE})",
            rf"^…\b(?:must|have to|need to|please) {_ALLOWING}…"
            r"\b(?:to|before you(?: can)?) (?:continue|proceed|enter|read on"
            rf"|(?:use|access|visit|open|view|see) {_THIS_SITE})",
            r"^…\b(?:accept|agree|consent)\b…\bto (?:continue|proceed|enter)\b",
            r"^…\bto (?:continue|proceed|enter|read on)\b…"
            r"\b(?:accept|agree|consent)\b(?!,| or)",
            rf"{_SITE_ITSELF} {_FAILS} (?:work|function|load|run|be used|be shown)\b…"
            rf"(?:\b{_WITHOUT}|\bunless you {_ALLOWING}|\bif you {_REFUSE})",
            rf"{_SITE_ITSELF} only works? (?:if you {_ALLOWING}|with your consent)",
            rf"\byou {_FAILS} (?:use|enter|visit|access|read|see) {_THIS_SITE}…"
            rf"(?:\b{_WITHOUT}|\bunless you {_ALLOWING}|\bif you {_REFUSE})",
        ],
        SHAMING: [
            r"\bno,? (?:thanks|thank you)[,:.]? i\b",
            r"\bi (?:do not|don't) (?:care|want to (?:support|help|save))\b",
            r"\bi (?:like|love|prefer|enjoy) (?:irrelevant|boring|random|bad|worse)\b",
            r"\b(?:do not|don't) (?:be (?:selfish|shy|boring|unfair|that person)"
            r"|let us down|disappoint)\b",
            r"\b(?:good|nice|smart|clever|responsible|real|true|loyal)"
            rf" {_PEOPLE} {_ALLOWING}",
            r"\b(?:sad|hurt|sorry|disappointed|heartbroken|a pity)\b… (?:if|when|that)"
            rf" you {_REFUSE}",
            r"\bare you sure (?:that )?you (?:want|wish|would like) to (?:refuse|reject"
            r"|decline|miss|lose|say no)\b",
            rf"(?:^|[.!?:;] )(?:please )?(?:support|help)\b…\bby {_ALLOWING}",
        ],
        PRESSURE: [
            r"\b(?:hurry|act now|last chance|time is running out)\b",
            r"\bbefore it(?:'s| is) too late\b",
            r"\byou(?:'ll| will) miss\b|\b(?:do not|don't) miss\b",
            rf"\b(?:just|simply|quickly) {_ALLOWING}(?! (?:what|only))",
            r"\b(?:accept|agree|allow|consent) (?:now|today|quickly)\b",
            rf"\brecommend(?:ed)?(?: that you| you| to)? {_ALLOWING}|\brecommended\)",
            r"(?:\bmost|\d ?%|\d percent)(?: of)?(?: our| all)?"
            rf" {_PEOPLE} {_ALLOWING}",
            r"\b(?:discount|voucher|coupon|reward|gift|prize|bonus)\b… (?:if|when) you "
            rf"{_ALLOWING}",
        ],
        ONE_SIDED: [
            r"\b(?:click|press|tap|hit|choose|select|push)(?:ing)?(?: on| the)?"
            r" [\"'\u2018\u201c\u201e\u00ab]?"
            r"(?:accept|agree|allow|i agree|i accept|ok|okay|yes|got it)\b",
            rf"\bplease {_ALLOWING}(?! only)",
            r"(?:^|[.!?:;] )(?:accept|allow|agree|say yes)\b(?! only)"
            r"[^.!?]*(?:[.!]|$)",
        ],
        DOUBLE_NEGATIVE: [
            r"\b(?:do not|don't) (?:untick|uncheck|unselect|deselect|opt out|disagree"
            r"|disallow)\b",
            r"\bunless you (?:do not|don't|disagree|disallow)\b",
            r"\b(?:tick|check|mark) (?:the|this|that|a) (?:box|field)…"
            r" if you (?:do not|don't|would not|wouldn't|disagree)\b",
        ],
        NECESSITY: [
            r"^(?:strictly |technically |absolutely )?(?:necessary|essentials?|required"
            r"|mandatory|indispensable)\b[^.!?]*$",
            r"^…\b(?:strictly|technically|absolutely)"
            r" (?:necessary|essential|required)\b",
            r"^…\b(?:necessary|essential|required|needed|indispensable) (?:for|to)\b…"
            rf"{_THIS_SITE} to (?:work|function|run|operate)\b",
            rf"{_SITE_ITSELF} {_FAILS} (?:work|function|run|operate|be used) without\b",
            r"\bcannot be (?:refused|rejected|declined|(?:switched|turned) off)\b",
        ],
        FINAL: [
            rf"{_CHOICE} (?:is|will be) (?:final|irrevocable|permanent|irreversible)\b",
            rf"{_CHOICE} (?:cannot|can't|can not) be"
            r" (?:changed|undone|withdrawn|revoked|reversed|taken back)\b",
            r"\byou (?:cannot|can't|can not|will not be able to)"
            r" (?:withdraw|revoke|undo|take back|change)\b…"
            r"\byour (?:choice|decision|consent|answer|mind)\b",
        ],
        LOSS: [
            rf"\bif you {_REFUSE}\b…\b(?:lose|miss|worse|limited|reduced|restricted"
            r"|unavailable|poor|adversely|(?:may|might|could|will) not"
            r" (?:work|function))\b(?! (?:nothing|anything))",
            r"\bwithout your (?:consent|permission)\b…\b(?:worse|limited|reduced"
            r"|restricted|unavailable|poor|(?:may|might|could) not work)\b",
        ],
        VAGUE: [
            r"\b(?:improve|enhance|optimi[sz]e|best|better|optimal|great|greatest"
            r"|smooth|seamless)(?: (?!and\b)[\w'-]+){0,4} experience\b",
        ],
    },
)
