"""The rules in German, for who is addressed as Sie and who is as du."""

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

_YOU = r"(?:sie|du)"
_YOUR = r"(?:ihre?|deine?)[mnr]?"
_CONSENT = r"(?:zustimmung|einwilligung|einverständnis|erlaubnis)\b"
_AGREE = (
    rf"(?:\bstimm(?:en|st) {_YOU}\b…\bzu\b|\bwillig(?:en|st) {_YOU}\b…\bein\b"
    rf"|\b(?:akzeptier|erlaub)(?:en|st) {_YOU} (?!nur|ausschließlich|kein|nicht)"
    rf"|\b(?:sind|bist|erklären|erklärst) {_YOU}\b…\beinverstanden\b)"
)
_AGREEING = r"\b(?:zustimm\w*|akzeptier\w*|einwillig\w*|erlaub\w*|zuzustimmen)"
_AGREED = rf"\b(?:{_CONSENT}|einverstanden|zustimm\w*|einwillig\w*|akzeptier\w*)"
_TO_AGREE = r"(?:zuzustimmen|zu akzeptieren|zu erlauben|anzunehmen|zuzulassen)\b"
_REFUSE = (
    r"\b(?:ablehn\w*|verweiger\w*|nein sag\w*"
    r"|nicht (?:zustimm|einwillig|erteil|erlaub)\w*)"
)
_IF_YOU = rf"\b(?:wenn|falls|sofern) {_YOU}\b"
_SITE = r"(?:seite|website|webseite|shop|dienst|angebot|app|plattform)\b"
_THIS_SITE = rf"\b(?:diese[nrms]?|unsere?[nrms]?|d(?:ie|er|en|as|em)) (?:\w+ )?{_SITE}"
# A video on the site may well need consent; the site itself does not.
_SITE_ITSELF = (
    r"\b(?:(?:diese|unsere|die) (?:seite|website|webseite|app|plattform)"
    r"|(?:dieser|unser|der) (?:online-?)?(?:shop|dienst)"
    r"|(?:dieses|unser|das) angebot)\b"
)
_WORKS = r"(?:funktioniert|läuft|lädt)\b"
_GOING_ON = (
    r"\b(?:\w*nutzung|\w*surfen|\w*scrollen|\w*navigieren|\w*besuch|schließen"
    r"|wegklicken|fortfahren|verbleib|weiterlesen)\b"
)
_CHOICE = r"\b(?:wahl|auswahl|entscheidung|einwilligung|zustimmung)"

GERMAN = Language(
    negated=(
        r"\b(?:nicht|nie|niemals|nichts|kein\w*|ohne|weder|außer|hinaus|mehr als|nein"
        r"|nur|ablehn\w*|verweiger\w*|widersprech\w*|widerruf\w*)\b"
    ),
    both_ways=(
        r"\b(?:ablehn\w*|abzulehnen|nein|verweiger\w*|widersprech\w*|oder nicht"
        r"|lehnen sie)\b"
    ),
    patterns={
        IMPLIED: [
            rf"\b(?:mit|durch) (?:\w+ ){{0,3}}{_GOING_ON}…{_AGREE}",
            rf"{_AGREE}…\b(?:wenn|indem) {_YOU}\b…\b(?:weiter\w*|fortf\w*|scroll\w*"
            r"|schließ\w*|verlass\w*)",
            rf"\b(?:wenn|falls|sofern|solange|indem) {_YOU}\b…\b(?:weiter\w*|fortf\w*"
            r"|scroll\w*|schließ\w*|bleib\w*|nichts tus?[nt]|nicht widersprech\w*"
            rf"|{_SITE} (?:nutz|besuch)\w*)…(?:{_AGREE}"
            rf"|\b(?:gehen|nehmen) wir\b…{_AGREED})",
            r"\b(?:\w*surfen|\w*nutzung|scrollen|schließen|schweigen|untätigkeit)\b…"
            r"\b(?:gilt|gelten|bedeutet|bedeuten|zählt|zählen|werten wir)"
            rf" (?:als )?(?:ihre? |deine? |eine )?(?:{_CONSENT}|ja\b)",
            rf"\b(?:gehen wir|wir gehen) (?:davon aus|von)\b…{_AGREED}",
        ],
        CONDITIONAL: [
            r"\b(?:brauch|benötig)(?:en|t)\b…\b(?:ihre?|deine?) "
            rf"{_CONSENT}…"
            r"(?:\bum (?:zu funktionieren|fortzufahren|weiter\w+)"
            rf"|\bum (?:ihnen |dir )?{_THIS_SITE} (?:zu \w+|\w+zu\w+en)"
            rf"|\bdamit (?:{_YOU} )?{_THIS_SITE} (?:nutz\w*|{_WORKS})"
            rf"|\bbevor {_YOU} {_THIS_SITE} (?:weiter )?(?:besuch|nutz|betret)\w*)",
            rf"\b(?:müssen|musst|bitte)\b…(?:{_AGREEING}|{_AGREE})…"
            r"\b(?:um|damit|bevor)\b…\b(?:fortzufahren|fortfahren|weiter\w+|betreten"
            rf"|{_SITE} (?:zu )?(?:nutzen|lesen|sehen|{_WORKS}))",
            rf"{_SITE_ITSELF} {_WORKS},? (?:leider )?nur,?"
            rf" (?:mit {_YOUR} {_CONSENT}|wenn {_YOU}\b…{_AGREEING})",
            rf"{_SITE_ITSELF} {_WORKS} (?:leider )?nicht\b…"
            rf"(?:\bohne {_YOUR} {_CONSENT}|{_IF_YOU}…{_REFUSE})",
            rf"\bohne {_YOUR} {_CONSENT} {_WORKS} {_SITE_ITSELF} (?:leider )?nicht\b",
            rf"\b(?:zugang|zutritt)\b…\bnur (?:mit|nach|gegen|bei)\b…\b{_CONSENT}",
        ],
        SHAMING: [
            r"\bnein,? danke[,:.]? ich\b",
            r"\bich (?:will|möchte|mag) (?:nicht|lieber|kein\w*|irrelevante\w*"
            r"|langweilige\w*|schlechte\w*)\b",
            r"\b(?:sei|seien sie) (?:kein\w*|fair|nett|nicht so)\b",
            r"\blass(?:en sie)? uns nicht (?:im stich|hängen)\b",
            rf"\b(?:traurig|enttäuscht|schade|weh)\b…{_IF_YOU}…{_REFUSE}",
            rf"\b(?:möchten|wollen|willst|möchtest) {_YOU} wirklich"
            r" (?:ablehnen|verzichten|nein)",
            r"\b(?:unterstützen sie|unterstütze|helfen sie|hilf)\b…"
            rf"\b(?:indem|durch|mit)\b…{_AGREED}",
        ],
        PRESSURE: [
            r"\b(?:letzte chance|nur noch heute|beeilen sie|beeil dich|verpass\w*)\b",
            r"\b(?:jetzt|einfach|schnell|gleich|sofort)"
            r" (?:zustimmen|akzeptieren|annehmen)\b",
            rf"\bempfehlen(?: ihnen| dir)?,?(?: \w+){{0,2}} {_TO_AGREE}",
            r"\bempfohlen\)",
            rf"(?:\bdie meisten|\d ?%|\d prozent)(?: \w+){{0,3}} (?:{_AGREEING}"
            r"|stimmen\b…\bzu\b)",
            r"\b(?:rabatt|gutschein|prämie|geschenk|bonus|gewinn)\b…"
            rf"{_IF_YOU}…{_AGREEING}",
        ],
        ONE_SIDED: [
            r"\b(?:klick|drück|tipp|wähl)\w*(?: sie)?(?: bitte| einfach)?(?: auf)?"
            r"(?: den button| die schaltfläche| den knopf)?"
            r" [\"'\u2018\u201a\u201c\u201e\u00bb]?"
            r"(?:alle[ms]? )?(?:akzeptieren|zustimmen|einverstanden|erlauben|annehmen"
            r"|zulassen|ok|okay|ja)\b",
            r"\bauf [\"'\u2018\u201a\u201c\u201e\u00bb]?(?:alle[ms]? )?"
            r"(?:akzeptieren|zustimmen|erlauben|ok|okay|ja)\b.? (?:klick|drück|tipp)",
            r"\bbitte (?:akzeptieren|erlauben|stimmen|willigen) sie\b",
            r"\bbitte (?:akzeptiere|erlaube|stimme?|willige)\b",
            r"(?:^|[.!?:;] )(?:akzeptieren|erlauben|stimmen) sie\b(?! nur)"
            r"[^.!?]*(?:[.!]|$)",
            r"^(?:alle )?cookies (?:akzeptieren|erlauben|annehmen|zulassen)\b[^.!?]*"
            r"(?:[.!]|$)",
        ],
        DOUBLE_NEGATIVE: [
            rf"\bes sei denn,? {_YOU}\b…\b(?:nicht|kein\w*)\b",
            r"\b(?:häkchen|haken|kreuz|kreuzen|ankreuzen)\b…"
            rf"{_IF_YOU}…\b(?:nicht|kein\w*)\b",
            r"\bnicht (?:abwähl\w*|abhak\w*|abzuwählen)\b",
        ],
        NECESSITY: [
            r"^(?:unbedingt |technisch |zwingend |absolut )?(?:notwendig|erforderlich"
            r"|essenziell|essentiell|unverzichtbar|unerlässlich)\w*\b[^.!?]*$",
            r"^…(?<!über das )\b(?:unbedingt|technisch|zwingend|absolut)"
            r" (?:notwendig|erforderlich|nötig|essenziell)\w*\b",
            r"^…\b(?:notwendig|erforderlich|nötig|unverzichtbar)\b…\bdamit\b…"
            rf"{_SITE} {_WORKS}",
            rf"^…\b(?:für|zur?m?) (?:\w+ )?(?:funktion|betrieb) {_THIS_SITE}…"
            r"\b(?:notwendig|erforderlich|nötig|unverzichtbar)\b",
            rf"\bohne (?:diesen?|dieses|sie)\b…\b{_WORKS} {_SITE_ITSELF} nicht\b",
            r"\b(?:lässt|lassen) sich nicht (?:ablehnen|abschalten|ausschalten)\b",
            r"\b(?:kann|können) nicht"
            r" (?:abgelehnt|abgeschaltet|ausgeschaltet|deaktiviert) werden\b",
        ],
        FINAL: [
            rf"{_CHOICE} ist (?:endgültig|unwiderruflich|dauerhaft)\b",
            rf"{_CHOICE} (?:kann|lässt sich|können sie|kannst du)"
            r" (?:später |danach |nachträglich )?nicht (?:mehr )?(?:\w+ )?"
            r"(?:geändert|ändern|widerrufen|zurückgenommen|zurücknehmen|rückgängig)",
        ],
        LOSS: [
            rf"{_IF_YOU}…{_REFUSE}…\b(?:verlier\w*|schlechter\w*|eingeschränkt\w*"
            r"|beeinträchtigt|verzicht\w*|nicht (?:alle|richtig|mehr)|nur begrenzt)\b"
            r"(?! (?:sie |du )?nichts)",
            rf"\bohne {_YOUR} {_CONSENT}…\b(?:schlechter\w*|eingeschränkt\w*"
            r"|nicht (?:alle|richtig)|nur begrenzt)\b",
        ],
        VAGUE: [
            r"\b(?:\w*verbesser\w*|optimier\w*|steiger\w*|best\w*|optimal\w*|besser\w*)"
            r"(?: \w+){0,4} (?:erlebnis|\w+erlebnis|(?:be)?nutzer-?erfahrung)\b",
            r"\b(?:erlebnis|\w+erlebnis|(?:be)?nutzer-?erfahrung|ihre erfahrung)"
            r"(?: zu)? (?:verbessern|optimieren|steigern)\b",
        ],
    },
)
