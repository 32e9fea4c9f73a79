"""The rules in French."""

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

_AGREE = (
    r"\bvous (?:acceptez|consentez|autorisez|donnez votre (?:accord|consentement))\b"
    r"(?! (?:rien|seulement|uniquement))"
)
_AGREED = r"(?:acceptez|consentez|(?:en )?êtes (?:d'accord|satisfaite?))\b"
_ASSUME = r"\bnous (?:considér|suppos|présum)(?:er)?ons\b"
_TO_AGREE = r"(?:tout )?(?:accepter|consentir|autoriser)\b"
_AGREEING = r"\ben (?:acceptant|consentant|autorisant|disant oui)\b"
_CONSENT = r"(?:consentement|accord|autorisation)\b"
_REFUSE = r"si vous (?:refusez|n'acceptez pas|dites non)\b"
_SITE = r"(?:site|page|boutique|service|application|plateforme)\b"
_THIS_SITE = rf"\b(?:(?:ce|cet|cette|notre|le|la|au|du) |l')(?:\w+ )?{_SITE}"
# A video on the site may well need consent; the site itself does not.
_SITE_ITSELF = (
    rf"(?<!\bsur )(?<!\bdans )(?<!\bde )\b(?:(?:ce|cette|notre|le|la) |l'){_SITE}"
)
_GOING_ON = (
    r"(?:poursuivant|continuant|naviguant|faisant défiler|fermant|restant|ignorant"
    rf"|(?:utilisant|visitant|consultant) {_THIS_SITE})"
)
_CHOICE = r"\b(?:choix|décision|consentement)"
_PEOPLE = r"(?:visiteurs|utilisateurs|internautes|clients|gens|lecteurs)"

FRENCH = Language(
    negated=(
        r"\b(?:ne|pas|jamais|rien|aucune?|sans|ni|non|seulement|uniquement|au-delà"
        r"|hormis|refus\w*|retir\w*|oppos\w*)\b|\bn'"
    ),
    both_ways=(
        r"\b(?:refus\w*|rejet\w*|déclin\w*|oppos\w*|non|ou pas|sans accepter)\b"
    ),
    patterns={
        IMPLIED: [
            rf"\ben {_GOING_ON}\b…{_AGREE}",
            rf"{_AGREE}…\ben {_GOING_ON}\b",
            r"\bsi vous (?:continuez|poursuivez|restez|fermez|faites défiler"
            r"|ne faites rien|ne réagissez pas|ne vous opposez pas)\b…"
            rf"(?:{_AGREE}|{_ASSUME}…{_AGREED})",
            rf"{_ASSUME} que vous {_AGREED}",
            rf"{_AGREE}…\bsi vous (?:continuez|poursuivez|restez|fermez)\b",
            r"\b(?:poursuite de (?:la|votre) navigation|défilement|silence|inactivité"
            r"|fermeture)\b…\b(?:vaut|signifie|équivaut à|implique)(?: que vous)?"
            r" (?:l'|votre |une? )?(?:acceptation|consentement|accord|acceptez"
            r"|consentez)\b",
        ],
        CONDITIONAL: [
            rf"^…\b(?:besoin de|requiert|exige|nécessite) votre {_CONSENT} pour"
            r" (?:continuer|fonctionner|accéder|entrer"
            rf"|(?:vous )?(?:afficher|montrer|ouvrir|utiliser) {_THIS_SITE})",
            rf"^…\b(?:devez|veuillez|il faut|merci de|merci d') ?{_TO_AGREE}…"
            r"\b(?:pour|afin de|afin d'|avant de|avant d') ?(?:continuer|poursuivre"
            rf"|accéder|entrer|lire la suite|utiliser {_THIS_SITE})",
            rf"{_SITE_ITSELF} ne fonctionne pas\b…"
            rf"\b(?:sans votre {_CONSENT}|{_REFUSE})",
            rf"{_SITE_ITSELF} ne fonctionne qu(?:e |')"
            rf"(?:avec votre {_CONSENT}|si vous {_AGREED})",
            rf"\bvous ne pouvez pas (?:utiliser|consulter|visiter) {_THIS_SITE}…"
            rf"\b(?:sans (?:accepter|votre {_CONSENT})|{_REFUSE})",
        ],
        SHAMING: [
            r"\bnon,? merci ?[,:.]? je\b",
            r"\bje (?:préfère|déteste|me moque|n'aime pas"
            r"|ne veux pas (?:soutenir|aider))\b",
            r"\bne (?:soyez|sois) pas (?:égoïste|timide)",
            rf"\b(?:tristes?|déçue?s?|dommage)\b…\b{_REFUSE}",
            r"\b(?:voulez|souhaitez)-vous vraiment refuser\b",
            r"\bêtes-vous sûre?s? de vouloir refuser\b",
            rf"(?:^|[.!?:;] )(?:soutenez|aidez)\b…{_AGREEING}",
        ],
        PRESSURE: [
            r"\b(?:dépêchez-vous|dernière chance|ne (?:ratez|manquez) pas)\b",
            r"\bavant qu'il ne soit trop tard\b",
            r"\bacceptez (?:vite|maintenant|simplement|tout simplement)\b",
            rf"\b(?:recommandons|conseillons)(?: de| d')? ?{_TO_AGREE}",
            r"\brecommandée?s?\)",
            rf"(?:\bla plupart|\d ?%) (?:des |de )?(?:nos )?{_PEOPLE} acceptent\b",
            r"\b(?:remise|réduction|bon d'achat|cadeau|prime)\b…"
            rf"\bsi vous {_AGREED}",
        ],
        ONE_SIDED: [
            r"\b(?:cliquez|cliquant|appuyez|appuyant)(?: sur)?(?: le bouton)?"
            r" (?:[\"'\u201c\u00ab] ?)?(?:tout accepter|accepter|j'accepte"
            r"|tout autoriser|ok|oui)\b",
            rf"\b(?:veuillez|merci de|merci d') ?{_TO_AGREE}",
            r"^(?:acceptez|autorisez|dites oui)\b(?! (?:seulement|uniquement))"
            r"[^.!?]*(?:[.!]|$)",
            r"^accepter (?:les|nos|tous les) cookies\b[^.!?]*(?:[.!]|$)",
        ],
        DOUBLE_NEGATIVE: [
            r"\bne (?:décochez|désélectionnez|désactivez) pas\b",
            r"\b(?:sauf si|à moins que) vous ne\b…\bpas\b",
            r"\bcochez (?:la|cette|une) case si vous ne\b",
        ],
        NECESSITY: [
            r"^(?:(?:cookies|services|traceurs) )?(?:strictement |techniquement )?"
            r"(?:nécessaire|essentiel|essentielle|indispensable|obligatoire|requis"
            r"|requise)s?\b[^.!?]*$",
            r"^…\b(?:strictement|techniquement|absolument)"
            r" (?:nécessaire|indispensable|requis)\w*\b",
            r"^…\b(?:nécessaire|indispensable|essentiel|essentielle)s?"
            r" (?:au|pour le) (?:bon )?fonctionnement"
            rf" (?:du|de (?:ce|cette|notre|la|l')) ?{_SITE}",
            rf"{_SITE_ITSELF} ne (?:peut pas fonctionner|fonctionne pas) sans\b",
            r"\bne peu(?:t|vent) (?:pas )?être (?:refusée?s?|désactivée?s?)\b",
        ],
        FINAL: [
            rf"{_CHOICE} est (?:définitif|définitive|irrévocable)\b",
            rf"{_CHOICE} ne (?:peut|pourra) (?:pas |plus )?être"
            r" (?:modifiée?|retirée?|annulée?|révoquée?)\b",
            r"\bvous ne (?:pouvez|pourrez) (?:pas|plus)"
            r" (?:retirer|modifier|changer|révoquer)\b…"
            r"\b(?:consentement|choix|décision|avis)\b",
        ],
        LOSS: [
            rf"\b{_REFUSE}…\b(?:perd\w*|limitée?s?|restreinte?s?|dégradée?s?"
            r"|(?:pourraient|pourrait) ne pas fonctionner)\b(?! rien)",
            rf"\bsans votre {_CONSENT}…\b(?:limitée?s?|restreinte?s?|dégradée?s?)\b",
        ],
        VAGUE: [
            r"\b(?:améliorer|optimiser|enrichir|meilleure|optimale)"
            r"(?: [\w'-]+){0,4} expérience\b",
        ],
    },
)
