"""The advice in plain words."""

from typing import Final

__all__ = ["SENTENCES"]

SENTENCES: Final[dict[str, dict[str, str]]] = {
    "facilitator": {
        "en": "Work with a facilitator: a neutral one sharpens more easily. None is appointed.",
        "nl": "Werk met een begeleider: wie neutraal is, scherpt makkelijker aan. Er is er nog geen.",
    },
    "too-few": {
        "en": "{count} people take part; the method advises at least {setting}.",
        "nl": "Er doen {count} mensen mee; de methode raadt minstens {setting} aan.",
    },
    "too-many": {
        "en": "{count} people take part; the method advises at most {setting}.",
        "nl": "Er doen {count} mensen mee; de methode raadt hoogstens {setting} aan.",
    },
    "secrecy-needs-judges": {
        "en": "The session is secret and {count} people take part: results are shown of {setting} judges or more.",
        "nl": "De sessie is geheim en er doen {count} mensen mee: uitkomsten worden getoond vanaf {setting} beoordelaars.",
    },
    "secrecy-has-limits": {
        "en": "In secret nobody is shown a single judgement; still, an order that is one's alone tells who knows them"
        " whose it is, and a unanimous result tells what everybody said.",
        "nl": "In een geheime sessie ziet niemand één oordeel; toch verraadt een volgorde die maar één mens kan hebben,"
        " voor wie die mens kent, van wie zij is, en een eenstemmige uitkomst wat ieder zei.",
    },
    "one-organisation": {
        "en": "{count} of the {people} people come from {organisation}: invite others who are involved in the area.",
        "nl": "{count} van de {people} mensen komen van {organisation}: nodig ook anderen uit die bij de buurt horen.",
    },
    "one-function": {
        "en": "Everybody from {organisation} has the same function ({function}): other functions see other things.",
        "nl": "Iedereen van {organisation} heeft dezelfde functie ({function}): andere functies zien andere dingen.",
    },
    "few-parties": {
        "en": "Parties at the table: {count}. The method advises several, here at least {setting}.",
        "nl": "Aantal partijen aan tafel: {count}. De methode raadt er meer aan, hier minstens {setting}.",
    },
    "no-residents": {
        "en": "Residents at the table: {count}. Advised: at least {setting}, for it is about where they live.",
        "nl": "Aantal bewoners aan tafel: {count}. Advies: minstens {setting}, want het gaat over waar zij wonen.",
    },
    "nobody-can-act": {
        "en": "Decisions are to be taken in the session, but nobody at the table is known to be able to act.",
        "nl": "Er worden besluiten genomen, maar van niemand aan tafel is bekend dat die mag handelen.",
    },
    "no-occasion": {
        "en": "State the occasion: what set this in motion?",
        "nl": "Benoem de aanleiding: waarom begint u hieraan?",
    },
    "vague-occasion": {
        "en": "Make the occasion sharp and manageable: it is not marked as concrete.",
        "nl": "Maak de aanleiding scherp en behapbaar: er staat niet bij dat die concreet is.",
    },
    "no-evidence": {
        "en": "The occasion has no evidence yet: by what does one see it?",
        "nl": "Bij de aanleiding staat nog geen onderbouwing: waaraan ziet u het?",
    },
    "park-the-proposal": {
        "en": "An intervention was proposed beforehand: park it, so that it competes on equal terms in step 4.",
        "nl": "Er lag al een maatregel: parkeer die, dan doet hij in stap 4 gewoon mee.",
    },
    "what-is-the-real-problem": {
        "en": "Open question: what is the real problem? Ask whether another one is behind it, and adopt a core problem.",
        "nl": "Open vraag: wat is echt het probleem? Vraag of er een ander achter zit en stel een kernprobleem vast.",
    },
    "which-alternatives-are-there": {
        "en": "Open question: which alternatives are there? Solutions so far: {count}; advised: at least {setting}.",
        "nl": "Open vraag: welke oplossingen zijn er? Tot nu toe: {count}; advies: minstens {setting}.",
    },
    "what-if-we-do-nothing-extra": {
        "en": "Open question: what if we do nothing extra? Adopt the baseline, and consider it in step 8.",
        "nl": "Open vraag: wat als we niets extra's doen? Stel het basisalternatief vast en weeg het mee in stap 8.",
    },
    "several-core-problems": {
        "en": "{owner} has {count} core problems: one for each problem owner keeps it sharp.",
        "nl": "{owner} heeft {count} kernproblemen: één per probleemeigenaar houdt het scherp.",
    },
    "owner-without-voice": {
        "en": "Nobody at the table speaks for {owner}, for whom this is a problem.",
        "nl": "Niemand aan tafel spreekt voor {owner}, voor wie dit een probleem is.",
    },
    "baseline-check-failed": {
        "en": "The baseline did not pass a point of attention: {check}.",
        "nl": "Het basisalternatief voldoet niet aan een aandachtspunt: {check}.",
    },
    "baseline-unchecked": {
        "en": "The baseline was not checked on a point of attention: {check}.",
        "nl": "Het basisalternatief is niet nagelopen op een aandachtspunt: {check}.",
    },
    "number-of-effects": {
        "en": "Effects of {solution}: {count}. Advised: {setting} to {most}.",
        "nl": "Aantal effecten van {solution}: {count}. Advies: {setting} tot {most}.",
    },
    "negative-effects": {
        "en": "Of the {count} effects of {solution}, {negative} are negative: give those half of the attention.",
        "nl": "Van de {count} effecten van {solution} zijn er {negative} negatief: geef die de helft van de aandacht.",
    },
    "missing-angle": {
        "en": "Nobody recorded an effect as seen by: {angle}.",
        "nl": "Er is nog geen effect gezien door de bril van: {angle}.",
    },
    "many-core-effects": {
        "en": "Core effects: {count}. Advised: at most {setting} for the session as a whole.",
        "nl": "Aantal kerneffecten: {count}. Advies: hoogstens {setting} voor het hele traject.",
    },
    "length-of-shortlist": {
        "en": "Solutions on the shortlist: {count}. Advised: {setting} to {most}.",
        "nl": "Aantal oplossingen op de shortlist: {count}. Advies: {setting} tot {most}.",
    },
    "departs-from-the-shortlist": {
        "en": "The choice lies outside the shortlist ({chosen}): say why, with DepartureExplained.",
        "nl": "De keuze staat niet op de shortlist ({chosen}): leg uit waarom.",
    },
    "departs-from-a-model": {
        "en": "The choice departs from a recorded model result ({result}): say why, with DepartureExplained.",
        "nl": "De keuze wijkt af van een rekenhulp ({result}): leg uit waarom.",
    },
    "no-insights": {
        "en": "A meeting was closed and no insight was noted: what do you now see differently?",
        "nl": "Er is een werksessie gesloten zonder inzichten: wat ziet u nu anders?",
    },
    "no-appointments": {
        "en": "A meeting was closed and no appointment was made: who goes on talking with whom?",
        "nl": "Er is een werksessie gesloten zonder afspraken: wie praat met wie verder?",
    },
    "at-one-meeting-only": {
        "en": "People who were at one meeting only: {count}. Preferably the same people attend both.",
        "nl": "Aantal mensen dat maar bij één werksessie was: {count}. Liefst zijn het twee keer dezelfde mensen.",
    },
}
