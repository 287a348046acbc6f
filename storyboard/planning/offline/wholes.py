"""Clauses of the logline as whole sentences, each with its own subject.

"before the air runs out" -> "The air runs out."; "and teaches him to sing" -> "The keeper teaches
him to sing."; "who is afraid of water" -> "The captain is afraid of water."; «и учит его петь» ->
«Смотритель учит его петь.»; «тауда адасып» -> «Қыз тауда адасады.» A clause of which no sentence
can be made belongs to the one before it.
"""

from __future__ import annotations

import re

from . import nouns, russian
from .language import ENDS, Clause, Token, tokens
from .phrases import sentence

_LEADS = {
    "en": {"and", "but", "so", "then", "or", "before", "until", "till", "while", "when", "because",
           "since", "as", "after", "if", "although", "though", "once", "that", "yet", "where",
           "only", "just"},
    "ru": {"и", "но", "а", "да", "или", "пока", "когда", "если", "потому", "что", "хотя", "ведь",
           "поэтому", "зато", "тогда", "как", "где"},
    "kk": {"және", "бірақ", "сонда", "ал", "содан", "ақыры", "өйткені", "сосын", "сондықтан"},
}  # fmt: skip
"""Words that tie a clause to the one before it."""
_RELATIVE = {
    "en": {"who", "which", "that"},
    "ru": {"который", "которая", "которое", "которые"},
    "kk": set[str](),
}
_OF = re.compile(
    r" (?:full of|made of|of) (?:(?:a|an|the|his|her|its|their|old|lost|\w+ed|\w+ing) )*\w+\b"
)
_TO_COMMA = re.compile(r"((?: \w+){1,2}),")
_TIMES = {"каждую", "каждый", "каждое", "ночью", "днём", "утром", "вечером", "однажды", "всю",
          "весь", "не", "never", "always", "once", "every"}  # fmt: skip
_FINITE = {"is", "was", "are", "were", "has", "had", "does", "did", "can", "cannot", "could",
           "must", "will", "would", "should", "may", "might", "never", "no", "always", "secretly",
           "finally", "slowly", "quietly", "still", "suddenly", "also"}  # fmt: skip
"""What a predicate may begin with."""
_MODAL = {"can", "cannot", "could", "must", "will", "would", "should", "may", "might"}
_SUBJECTS = {"he", "she", "it", "they", "we", "you", "i", "nobody", "everybody", "everyone",
             "somebody", "someone", "nothing", "everything", "there"}  # fmt: skip
_ARTICLES = {"a", "an", "the", "his", "her", "its", "their", "my", "our", "your", "this", "every",
             "each", "one", "two", "three", "four", "five", "another", "no"}  # fmt: skip
_TIES = {"and", "but", "so", "then", "or", "yet", "only", "just"} | {
    "и", "но", "а", "да", "или", "поэтому", "зато", "тогда", "потому", "ведь"
}  # fmt: skip
"""Leads that tie main clauses; any other makes a clause depend on what follows its comma."""
_LOCATIVE = {
    "en": {"on", "in", "at", "under", "inside", "aboard", "behind", "near", "beneath", "above",
           "between", "across", "outside", "beside", "below", "during"},
    "ru": {"в", "во", "на", "под", "над", "за", "перед", "возле", "у", "среди", "около"},
    "kk": set[str](),
}  # fmt: skip
"""Prepositions of where somebody is, not where to."""
CUTS = {
    "en": {"on", "in", "at", "under", "inside", "aboard", "behind", "near", "beneath", "above",
           "across", "outside", "beside", "into", "from", "through", "before", "after", "during",
           "with", "onto", "while", "until", "when", "because", "without"},
    "ru": {"в", "во", "на", "под", "над", "перед", "возле", "среди", "из", "с", "со", "для",
           "через", "до", "после", "без", "чтобы", "пока", "когда", "ради", "вместо"},
}  # fmt: skip
"""Words before which a sentence is already whole, once it has subject, verb and object."""
_UNFINISHED = re.compile(
    r"(?:is|was|are|were|has|had|becom|turn|giv|trad|mak|made|ask|put|set|keep|kept|leav|left|let"
    r"|exchang|swap|replac|fall|fell|tak|took|mistak|tell|told|rob|превращ|меня|замен|приним|стан"
    r"|счита|остав|дел|игра|учи)\w*",
)
"""Verbs that say little without what follows their object."""
_PAST = re.compile(r".{2,}ed$")
_KAZAKH_FINITE = re.compile(
    r".*(?:[аяеи]ды|[аеі]ді|йды|йді|[дт][ыі]|жоқ|бар|емес|еді|екен|ыпты|іпті|[ғқгк][ае]н|керек"
    r"|мақ|мек|пақ|пек|бақ|бек)$"
)
_CONVERBS = {"оқып": "оқиды", "тоқып": "тоқиды", "тауып": "табады", "жауып": "жабады",
             "шауып": "шабады", "теуіп": "тебеді", "сеуіп": "себеді", "қауып": "қабады",
             "тоңып": "тоңады", "деп": "дейді", "жеп": "жейді", "тыңдап": "тыңдайды",
             "аңдып": "аңдиды", "шошып": "шошиды", "жерлеп": "жерлейді",
             "еріп": "ереді"}  # fmt: skip
"""Kazakh converbs whose present no rule tells."""


def words(text: str) -> list[Token]:
    """The words of a clause."""
    return tokens(text)


def told(clause: Clause, language: str, subject: str, antecedent: str) -> str:
    """A clause as a sentence; empty if it cannot stand alone.

    :param subject: whom the sentence speaks of, as a noun phrase in the nominative.
    :param antecedent: who or what was named last before the clause.
    """
    text = clause.text.strip(" ,;:—–-" + ("" if clause.closes else ENDS))
    return _MAKERS[language](text, clause, subject, antecedent)


def predicate(text: str, language: str) -> tuple[str, str]:
    """What a clause that names no subject says of one, and how it was tied to what comes before.

    :return: ``("", "")`` if it has a subject of its own; the second is ``who`` for a relative
        clause, else empty.
    """
    parts = words(text)
    lead = 0
    while lead < len(parts) - 1 and parts[lead].low in _LEADS[language] | _RELATIVE[language]:
        if parts[lead].low in _RELATIVE[language]:
            rest = text[parts[lead + 1].start :]
            return (rest, "who") if _opens_as_verb(parts[lead + 1 :], language) else ("", "")
        lead += 1
    if lead < len(parts) and _opens_as_verb(parts[lead:], language):
        return text[parts[lead].start :], ""
    return "", ""


def _opens_as_verb(parts: list[Token], language: str) -> bool:
    first = parts[0].low
    if language == "ru":
        rest = parts[1:] if first in ("не", "никогда", "тайно", "вдруг", "наконец") else parts
        return bool(rest) and russian.finite(rest[0].low)
    if language == "kk":
        return False
    if first in _FINITE - {"no"}:
        return len(parts) > 1
    if first in _ARTICLES | _SUBJECTS or parts[0].capital:
        return False
    follows = parts[1].low if len(parts) > 1 else ""
    if nouns.is_past(first):
        return True
    form = (first.endswith("s") and not first.endswith("ss")) or bool(_PAST.fullmatch(first))
    if not form or not nouns.verb_base(first):
        return False
    return not (nouns.sort(first) and (follows in _FINITE or nouns.is_past(follows)))


def _english(text: str, clause: Clause, subject: str, antecedent: str) -> str:
    parts = words(text)
    if not parts:
        return ""
    lead = 0
    while lead < len(parts) - 1 and parts[lead].low in _LEADS["en"]:
        lead += 1
    depends = any(word.low not in _TIES for word in parts[:lead])
    if depends and "," in text:
        tied = [word.low in _TIES for word in parts]
        return sentence(text[parts[tied.index(False)].start :])
    if clause.opens:
        if depends and parts[0].low not in ("as", "that") and _verb_in(parts[lead:]):
            return sentence(text[parts[lead].start :])
        bare = parts[0].low in CUTS["en"] and not _verb_in(parts)
        return "" if bare and not clause.closes else sentence(text)
    rest, tie = predicate(text, "en")
    if rest:
        who = antecedent if tie else subject
        if tie and parts[0].low in ("and", "but"):
            who = ""
        return sentence(_agreed(who, rest)) if who else ""
    rest = text[parts[lead].start :]
    first = parts[lead].low
    if lead and parts[lead - 1].low == "only" and first == "to" and len(parts) > lead + 1:
        if not nouns.verb_base(parts[lead + 1].low) or subject == "They":
            return ""
        verb = parts[lead + 1]
        return sentence(f"{subject} {_third(verb.low)}{text[verb.end :]}") if subject else ""
    sort = nouns.sort(first)
    if lead and nouns.verb_base(first) == first and (sort is None or sort.verb):
        return sentence(f"They {rest}") if subject == "They" else ""
    if first.endswith("ing") and nouns.verb_base(first) and not lead:
        return (
            sentence(f"{subject} {'are' if subject == 'They' else 'is'} {rest}") if subject else ""
        )
    own = first in _ARTICLES | _SUBJECTS or parts[lead].capital or lead > 0
    return sentence(rest) if own and _clause_like(parts[lead:]) else ""


def _agreed(who: str, rest: str) -> str:
    """Subject and predicate; several do what one does."""
    verb, _, more = rest.partition(" ")
    if who == "They" and verb.lower() not in _MODAL:
        plural = {"is": "are", "was": "were", "has": "have", "does": "do"}.get(verb)
        base = nouns.without_s(verb) if verb.endswith("s") else ""
        verb = plural or base or verb
    return f"{who} {verb} {more}"


def _third(base: str) -> str:
    irregular = {"be": "is", "have": "has", "do": "does", "go": "goes"}
    if base in irregular:
        return irregular[base]
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def _verb_at(parts: list[Token]) -> int:
    """Where the finite verb of English words is; -1 if there is none."""
    for index, word in enumerate(parts[1:], 1):
        low, before = word.low, parts[index - 1].low
        if low in _FINITE - {"no", "still", "also", "slowly", "quietly"}:
            return index
        if word.capital or before in _ARTICLES | _LOCATIVE["en"] | {"of", "to", "with", "from"}:
            continue
        if nouns.is_past(low) and not nouns.is_adjective(low):
            return index
        if low.endswith("s") and not low.endswith("ss") and nouns.verb_base(low):
            return index
        plural = before.endswith("s") and not before.endswith("ss")
        if plural and nouns.verb_base(low) == low and not nouns.is_adjective(low):
            return index
        if _PAST.fullmatch(low) and nouns.verb_base(low) and before not in _ARTICLES:
            follows = parts[index + 1].low if index + 1 < len(parts) else ""
            if follows in _ARTICLES | CUTS["en"] | {""}:
                return index
    return -1


def _verb_in(parts: list[Token]) -> bool:
    return _verb_at(parts) > 0


def _clause_like(parts: list[Token]) -> bool:
    """Whether words open with a noun of their own and go on with a verb."""
    described = nouns.is_adjective(parts[0].low) and parts[1:] and parts[1].low in _LEADS["en"]
    preposition = parts[0].low in CUTS["en"] | {"to", "for", "of"}
    return not (described or preposition) and _verb_in(parts)


def _russian(text: str, clause: Clause, subject: str, antecedent: str) -> str:
    parts = words(text)
    if not parts:
        return ""
    lead = 0
    while lead < len(parts) - 1 and parts[lead].low in _LEADS["ru"]:
        lead += 1
    ties = next(i for i, word in enumerate([*parts, None]) if not word or word.low not in _TIES)
    depends = any(word.low not in _TIES for word in parts[:lead])
    if depends and "," in text:
        return sentence(text[parts[ties].start :])
    verb = next((i for i, w in enumerate(parts) if i >= lead and russian.finite(w.low)), -1)
    if parts[0].low == "пока" and any(word.low == "не" for word in parts):
        return ""  # it has not happened yet
    if clause.opens:
        if depends:
            return sentence(text[parts[lead].start :]) if verb >= 0 else ""
        return sentence(text)
    rest, tie = predicate(text, "ru")
    if rest:
        who = antecedent if tie else subject
        if tie and not _agrees(parts[lead].low, who):
            return ""
        return sentence(f"{who} {rest}") if who else ""
    relative = any(word.low.startswith(("котор", "чтоб", "чей", "чья", "чьи")) for word in parts)
    if relative or verb < 0:
        return ""
    own = _subject_of(parts[lead:], verb - lead)
    if own is None:
        return sentence(f"{subject} {text[parts[lead].start :]}") if subject else ""
    if parts[0].low == "и" and russian.many(parts[verb].low) and not russian.many(own):
        return ""  # the second of two subjects: «часовщик и его внучка бегут»
    return sentence(text[parts[lead].start :])


def _subject_of(parts: list[Token], verb: int) -> str | None:
    """The noun or pronoun of a Russian clause that may be its subject."""
    for index, word in enumerate(parts):
        if index == verb or not russian.named([word.low]):
            continue
        ahead = index - 1
        while ahead >= 0 and russian.is_adjective(parts[ahead].low):
            ahead -= 1
        if ahead >= 0 and parts[ahead].low in CUTS["ru"] | _LOCATIVE["ru"] | {"к", "по", "от", "о"}:
            continue
        if index > verb and not russian.surely_nominative(word.low):
            continue
        return word.low
    return None


def _agrees(relative: str, who: str) -> bool:
    """Whether «который» may speak of a noun, by gender and number."""
    noun = next((tag for word in reversed(who.split()) if (tag := russian.tag(word.lower()))), None)
    if noun is None:
        return bool(who) and relative != "которые"
    if noun.plural:
        return relative == "которые"
    wanted = {"m": "который", "f": "которая", "n": "которое"}[noun.gender]
    return relative == wanted


def _kazakh(text: str, clause: Clause, subject: str, antecedent: str) -> str:
    parts = words(text)
    lead = 0
    while lead < len(parts) - 1 and parts[lead].low in _LEADS["kk"]:
        lead += 1
    if not parts:
        return ""
    last = parts[-1]
    body, end = text[parts[lead].start : last.start], text[last.start :]
    if not clause.closes or not _KAZAKH_FINITE.match(last.low):
        if not clause.closes and _KAZAKH_FINITE.match(last.low):
            pass
        elif (present := _present(last.low)) and not clause.closes:
            end = present
        else:
            return ""
    if clause.opens:
        return sentence(body + end)
    own = set(subject.lower().split())
    named = own & {word.low for word in parts} or any(
        word.low in ("ол", "олар", "ешкім", "бәрі") or (word.capital and not word.first)
        for word in parts
    )
    if named:
        return sentence(body + end)
    return sentence(f"{subject} {body}{end}") if subject else ""


def _present(converb: str) -> str:
    """«адасып» -> «адасады», «ұрлап» -> «ұрлайды»; empty if it is no converb."""
    if converb in _CONVERBS:
        return _CONVERBS[converb]
    if len(converb) < 4:
        return ""
    for ending, present in (("ып", "ады"), ("іп", "еді"), ("ап", "айды"), ("еп", "ейді")):
        if converb.endswith(ending) and converb[-3:-2] not in "уюи":
            return converb[: -len(ending)] + present
    return ""


_MAKERS = {"en": _english, "ru": _russian, "kk": _kazakh}


def core(text: str, language: str) -> str:
    """A sentence up to its object: "A nurse smuggles a guitar into a prison." -> "… a guitar."

    :return: empty if it is no shorter, or would say something else.
    """
    if language not in CUTS or text.count('"') or any(mark in text for mark in "«“(:"):
        return ""
    parts = words(text)
    first = 0
    if parts and parts[0].low in CUTS[language] | _LOCATIVE[language] and "," in text:
        comma = text.index(",")
        first = next((i for i, word in enumerate(parts) if word.start > comma), 0)
    parts = parts[first:]
    if language == "en":
        verb = _verb_at(parts)
    else:
        verb = next((i for i, w in enumerate(parts) if i and russian.finite(w.low)), -1)
    if verb < 1 or _UNFINISHED.fullmatch(parts[verb].low) or parts[verb].low in _FINITE:
        return ""
    stops = CUTS[language]
    if verb + 1 >= len(parts) or parts[verb + 1].low in stops | _MODAL:
        return ""
    if any(word.low in stops for word in parts[:verb]):
        return ""
    for index in range(verb + 2, len(parts)):
        if parts[index].low in stops:
            tail = parts[index - 1].low
            if tail in _ARTICLES | {"full", "made", "it", "and", "or", "of", "to"}:
                return ""
            if "," in text[parts[0].start : parts[index].start]:
                return ""
            if language == "ru" and not russian.is_noun(tail):
                return ""
            if language == "en" and any(w.low in ("to", "that") for w in parts[verb:index]):
                return ""
            return sentence(text[parts[0].start : parts[index].start])
    return ""


def opening(text: str, language: str) -> str:
    """Whom a sentence speaks of, as it calls them: "The pilot Ingrid."; empty if unsure."""
    parts = words(text)
    if language == "en":
        verb = _verb_at(parts)
    elif language == "ru":
        verb = next((i for i, w in enumerate(parts) if i and russian.finite(w.low)), -1)
    else:
        return ""
    if not 0 < verb < 7:
        return ""
    told = text[: parts[verb].start].strip(" ,;:—–-")
    if language == "ru" and not all(
        russian.is_noun(word.low) or russian.is_adjective(word.low) for word in parts[:verb]
    ):
        return ""
    if any(word.low in CUTS[language] | _RELATIVE[language] | _TIMES for word in parts[:verb]):
        return ""
    return sentence(told)


def with_of(logline: str, phrase: str) -> str:
    """An English phrase with what it is full of, made of or of: "a suitcase full of letters"."""
    at = logline.find(phrase)
    tail = _OF.match(logline, at + len(phrase)) if at >= 0 else None
    return phrase + tail[0] if tail else phrase


def where(logline: str, start: int, language: str, forms: tuple[str, ...] = ()) -> str:
    """A place with its preposition, as the logline has it: "on a dying space station".

    :param start: where the head word of the place begins.
    :param forms: of a Russian noun, in the order of :data:`.russian.CASES`.
    """
    parts = words(logline)
    at = next((i for i, word in enumerate(parts) if word.start <= start < word.end), -1)
    if at < 0:
        return ""
    if language == "kk":
        if not re.search(r"(?:[дт][ае]|нда|нде)$", parts[at].low):
            return ""
        return parts[at].low
    for first in range(at - 1, max(-1, at - 6), -1):
        between = logline[parts[first].end : parts[first + 1].start]
        if between.strip(" '’-"):
            return ""
        low = parts[first].low
        if low in _LOCATIVE[language]:
            last = at
            if language == "ru":
                if not forms or parts[at].low not in (forms[4], forms[5]):
                    return ""
            else:
                last = _phrase_end(logline, parts, at)
                more = _TO_COMMA.match(logline, parts[last].end)
                if more and first == 0:  # in a castle under siege, …
                    return logline[parts[first].start : more.end(1)]
            return logline[parts[first].start : parts[last].end]
        if language == "ru" and not russian.is_adjective(low):
            return ""
        if low in CUTS.get(language, set()) | {"to", "of", "and"}:
            return ""
    return ""


def _phrase_end(logline: str, parts: list[Token], at: int) -> int:
    """The last word of an English noun phrase of which a word is known: "space station"."""
    last = at
    while last + 1 < len(parts):
        word = parts[last + 1]
        if word.low in CUTS["en"] | _LEADS["en"]:
            break
        if logline[parts[last].end : word.start] != " " or nouns.is_adjective(word.low):
            break
        known = nouns.sort(word.low)
        if known is None or known.verb or word.low.endswith("s") or word.low in _FINITE:
            break
        last += 1
    return last
