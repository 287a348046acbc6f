"""Russian declension of nouns and names good enough for regular words; the rest is in the lexicon.

Six forms in the school order: nominative, genitive, dative, accusative, instrumental,
prepositional. Source of the rules: Zalizniak's regular types without mobile stress or vowels.
"""

from __future__ import annotations

CASES = ("nom", "gen", "dat", "acc", "ins", "pre")
Forms = tuple[str, str, str, str, str, str]

_HISSING = "жшчщ"


def still(word: str) -> Forms:
    """A word that has one form for all cases."""
    return word, word, word, word, word, word


def _feminine(word: str) -> Forms:
    stem, last = word[:-1], word[-1].lower()
    if last == "а":
        i = "и" if stem[-1:].lower() in "гкхжшчщ" else "ы"
        oj = "ей" if stem[-1:].lower() in _HISSING + "ц" else "ой"
        return word, stem + i, stem + "е", stem + "у", stem + oj, stem + "е"
    if last == "я":
        e = "и" if stem[-1:].lower() == "и" else "е"
        return word, stem + "и", stem + e, stem + "ю", stem + "ей", stem + e
    if last == "ь":
        return word, stem + "и", stem + "и", word, word + "ю", stem + "и"
    return still(word)


def _masculine(word: str, animate: bool) -> Forms:
    stem, last = word[:-1], word[-1].lower()
    if last in "ая":
        return _feminine(word)
    if last in "йь":
        pre = stem + ("и" if last == "й" and stem[-1:].lower() == "и" else "е")
        forms = (word, stem + "я", stem + "ю", word, stem + "ем", pre)
    elif last in "бвгджзклмнпрстфхцчшщ":
        om = "ем" if last in _HISSING + "ц" else "ом"
        forms = (word, word + "а", word + "у", word, word + om, word + "е")
    else:
        return still(word)
    return (*forms[:3], forms[1], *forms[4:]) if animate else forms


def _neuter(word: str) -> Forms:
    stem, last = word[:-1], word[-1].lower()
    if last == "о":
        return word, stem + "а", stem + "у", word, stem + "ом", stem + "е"
    if last == "е" and stem[-1:].lower() in _HISSING + "ц":
        return word, stem + "а", stem + "у", word, stem + "ем", stem + "е"
    if last == "е":
        pre = stem + ("и" if stem[-1:].lower() == "и" else "е")
        return word, stem + "я", stem + "ю", word, stem + "ем", pre
    return still(word)


def decline(word: str, gender: str, animate: bool = True) -> Forms:
    """The six forms of one word. ``gender`` is ``m``, ``f`` or ``n``; unknown ends stay as is."""
    if len(word) < 2:
        return still(word)
    if gender == "f":
        return _feminine(word)
    return _neuter(word) if gender == "n" else _masculine(word, animate)


def decline_name(name: str, gender: str) -> Forms:
    """A personal name of one or more words; women's names that end in a consonant stay."""
    words = name.split()
    table = []
    for index, word in enumerate(words):
        low = word.lower()
        if index and gender == "f" and low.endswith(("ова", "ева", "ина", "ына")):
            stem = word[:-1]
            table.append((word, stem + "ой", stem + "ой", stem + "у", stem + "ой", stem + "ой"))
        elif index and gender == "m" and low.endswith(("ов", "ев", "ин", "ын")):
            table.append((word, word + "а", word + "у", word + "а", word + "ым", word + "е"))
        elif gender == "f" and low[-1] not in "ая":
            table.append(still(word))
        elif gender == "m" and len(words) > 1 and low.endswith(("ий", "ый")):
            stem = word[:-2]
            table.append((word, stem + "ого", stem + "ому", stem + "ого", stem + "им", stem + "ом"))
        else:
            table.append(decline(word, gender))
    nom, gen, dat, acc, ins, pre = (" ".join(forms) for forms in zip(*table, strict=True))
    return nom, gen, dat, acc, ins, pre
