"""How alike two names are."""

import unicodedata
from collections import defaultdict
from enum import Enum
from functools import lru_cache
from itertools import permutations

from nicknames import name_triplets
from rapidfuzz.distance import OSA

from airtable_push.flatten.identity.normal import Name, is_east_asian

MORE_SHORT_FORMS = (
    "alexander sasha xander|alexandra sasha lexi|alfred alfie|alice ali|antonia toni|antonio toni|barbara barb|"
    "caroline caro|catherine cat kate kitty|charles chas|charlotte charlie|christina chrissie|christine chrissie|"
    "christopher topher|david davy|eleanor nell|evelyn evie|florence florrie|francesca fran chessie|"
    "francisco paco pancho|friedrich fritz|gabriela gabi|giuseppe beppe|guillermo memo|heinrich heinz|helen nell|"
    "henrietta hettie|ignacio nacho|isabel izzy|johann hans|johannes hans hannes johan jo|jose pepe|juliet jules|"
    "katherine katie kat kitty|kathleen kath|lawrence laurie|lillian lily|madeleine maddie|margaret greta|maria mia|"
    "matilda mattie|michael micha|mikhail misha|mildred millie|nicholas klaus|nikolai kolya|olivia liv livvy|"
    "philippa pippa pip|rachel rae|robert robbie bert|rosemary rosie|rudolf rudi|sebastian basti|sergei seryozha|"
    "stanley stan|susanna sue suzy|vasily vasya|vera vee|vladimir vova|wilhelm willi|william liam"
)
"""A name with short forms that `nicknames` lacks."""
NO_SHORT_FORMS = frozenset(
    map(
        frozenset,
        (
            ("robert", "bill"), ("robert", "billy"), ("bill", "fred"), ("billy", "fred"), ("will", "fred"),
            ("willie", "fred"), ("robert", "rupert"), ("aaron", "erin"), ("aron", "erin"), ("ian", "john"),
            ("ivan", "john"), ("geraldine", "jerry"), ("susan", "hannah"), ("louis", "lewis"), ("jane", "jean"),
            ("mary", "marie"), ("hannah", "anna"), ("jonathan", "nathan"), ("ellen", "helen"), ("clara", "clarissa"),
            ("elizabeth", "lisa"), ("jesse", "jessie"),
        ),
    )
)  # fmt: skip
"""What `nicknames` lists, and what are two people as often."""
SPELLINGS = tuple(
    frozenset(line.split())
    for line in (
        "ahmad ahmed|alan allan|aleksandr alexander|aleksei alexei alexey|ann anne|bjoern bjorn|brian bryan|"
        "catharine catherine katharine katherine kathryn|claire clare|deborah debra|eric erik|geoff jeff|"
        "geoffrey jeffrey|graeme graham|guenter gunter|hanna hannah|hasan hassan|hussain hussein|"
        "isabel isabelle isobel|joerg jorg|juergen jurgen|lynn lynne|marc mark|"
        "mohamed mohammad mohammed muhammad|neal neil|philip phillip|rachael rachel|rebecca rebekah|"
        "sean shaun shawn|stephen steven|stewart stuart|teresa theresa|youssef yusuf"
    ).split("|")
)
"""One name, written in several ways."""
OF_ANOTHER = ("a", "e", "o", "ine", "ina", "ette", "ella", "lle", "ia")
"""Endings that make another name of one: Daniela, Louise, Pauline."""
SHORTEST_MISSPELT = 5
"""Letters below which two names that nearly agree are two names: Lena and Leda."""
SHORTEST_SUBSTITUTED = 7
"""Letters below which another letter makes another name: Jonas and Jonah."""
LARGEST_SHARE_OF_SLIPS = 0.5
"""Of the letters of a name, up to which it may be the other one, written by somebody in a hurry."""


class Likeness(Enum):
    """What two names say of whether they are of one person."""

    NOTHING = "nothing to compare"
    SAME = "the same name"
    SHORT = "a short form"
    INITIAL = "an initial"
    SLIP = "a slip"
    ALIKE = "nearly alike, or another last name"
    SWAPPED = "first and last name swapped"
    OTHER = "another name"


def _short_forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    pairs = [(each.name1, each.name2) for each in name_triplets()]
    for line in MORE_SHORT_FORMS.split("|"):
        name, *forms = line.split()
        pairs += [(name, form) for form in forms]
    pairs += [two for names in SPELLINGS for two in permutations(sorted(names), 2)]
    for name, form in pairs:
        if frozenset((name, form)) not in NO_SHORT_FORMS and not _of_another(name, form):
            found.setdefault(name, {name}).add(form)
    return {name: frozenset(forms) for name, forms in found.items()}


def _of_another(one: str, other: str) -> bool:
    """Whether an ending alone makes a name for others of it: Louis and Louise, Carlo and Carla."""
    if any({one, other} <= names for names in SPELLINGS):
        return False
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and longer[len(shorter) :] in OF_ANOTHER and shorter[-1:] not in "aeiou":
        return True
    return len(one) == len(other) and one[:-1] == other[:-1] and one[-1] in "aeo" and other[-1] in "aeo"


def _names() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, forms in FORMS.items():
        for form in forms:
            found[form].add(name)
    return {form: frozenset(names) for form, names in found.items()}


FORMS = _short_forms()
"""The short forms of a name, itself among them."""
NAMES = _names()
"""The names that a form is of, itself among them where it has forms of its own."""
KNOWN = NAMES.keys()
"""Names that exist: two of them are no slip."""


@lru_cache(maxsize=200_000)
def compare(one: Name, other: Name) -> Likeness:
    """How alike two names are; what cannot be compared, and letters of another script, say nothing."""
    if generation_differs(one, other) or _middles_differ(one, other):
        return Likeness.OTHER
    mine, theirs = (
        [part for part in (one.first, one.last) if part],
        [part for part in (other.first, other.last) if part],
    )
    if not mine or not theirs or _script(mine[0]) != _script(theirs[0]):
        return Likeness.NOTHING
    if is_east_asian(mine[0]) and one.last + one.first == other.last + other.first:
        return Likeness.SAME
    if len(mine) == 1 or len(theirs) == 1:
        return _with_a_part(one, other, mine, theirs)
    first, last = _given(one, other), _last(one, other)
    if last == Likeness.SAME and first != Likeness.OTHER:
        return first
    if first == Likeness.SAME and last != Likeness.OTHER:
        return last
    if _swapped(one, other):
        return Likeness.SWAPPED
    if first == Likeness.OTHER:
        return Likeness.OTHER
    return Likeness.ALIKE


def _with_a_part(one: Name, other: Name, mine: list[str], theirs: list[str]) -> Likeness:
    """One name, or both, of one part: it can be the first or the last."""
    if one.first and other.first and not (one.last and other.last):
        if _first(one.first, other.first) != Likeness.OTHER:
            return Likeness.NOTHING
    elif one.last and other.last and _last(one, other) != Likeness.OTHER:
        return Likeness.NOTHING
    crossed = any(_first(a, b) not in (Likeness.OTHER, Likeness.INITIAL) for a in mine for b in theirs)
    return Likeness.NOTHING if crossed or not _comparable(one, other) else Likeness.OTHER


def _comparable(one: Name, other: Name) -> bool:
    """Whether both have a first, or both a last name."""
    return bool(one.first and other.first or one.last and other.last)


def _given(one: Name, other: Name) -> Likeness:
    """Of the first names: Anne Marie is Annemarie."""
    if one.first in _all_given(other) or other.first in _all_given(one):
        return Likeness.SAME
    return _first(one.first, other.first)


def _all_given(name: Name) -> set[str]:
    return {name.first, "".join((name.first, *name.middle))}


def _middles_differ(one: Name, other: Name) -> bool:
    """Whether both have middle names, and none that the other can have: a middle name may have been the last one."""
    if not one.middle or not other.middle:
        return False
    agreeing = (Likeness.SAME, Likeness.INITIAL, Likeness.SHORT, Likeness.SLIP)
    return not any(
        _first(mine, theirs) in agreeing
        for these, those in ((one, other), (other, one))
        for mine in these.middle
        for theirs in (*those.middle, *those.lasts)
    )


def _first(one: str, other: str) -> Likeness:
    if one == other:
        return Likeness.SAME
    if _initial(one, other):
        return Likeness.INITIAL
    if _of_another(one, other):
        return Likeness.OTHER
    if called_alike(one, other):
        return Likeness.SHORT
    if one in KNOWN and other in KNOWN:
        return Likeness.OTHER
    return _slips(one, other)


def _last(one: Name, other: Name) -> Likeness:
    if one.last in other.lasts or other.last in one.lasts:
        return Likeness.SAME
    if any(_initial(mine, theirs) for mine in one.lasts for theirs in other.lasts):
        return Likeness.INITIAL
    if _of_another(one.last, other.last):
        return Likeness.OTHER
    return _slips(one.last, other.last)


def _slips(one: str, other: str) -> Likeness:
    """SLIP, ALIKE or OTHER, by how many letters must change."""
    if is_east_asian(one):
        return Likeness.OTHER
    shorter, distance = min(len(one), len(other)), OSA.distance(one, other)
    if distance == 1 and len(one) == len(other) < SHORTEST_SUBSTITUTED and _one_letter(one, other):
        return Likeness.OTHER
    if distance == 1 and shorter >= SHORTEST_MISSPELT and one[-1] == other[-1]:
        return Likeness.SLIP
    return Likeness.ALIKE if distance <= LARGEST_SHARE_OF_SLIPS * max(len(one), len(other)) else Likeness.OTHER


def _one_letter(one: str, other: str) -> bool:
    """Whether one letter stands for another; two that are swapped are a slip of another kind."""
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _initial(one: str, other: str) -> bool:
    """Whether one is the initial of the other, or of a name that it is short for."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) != 1 or len(other) == 1 or is_east_asian(one):
        return False
    return other.startswith(one) or any(name.startswith(one) for name in NAMES.get(other, ()))


def called_alike(one: str, other: str) -> bool:
    """Whether one first name is a short form of the other."""
    return other in FORMS.get(one, ()) or one in FORMS.get(other, ())


def _swapped(one: Name, other: Name) -> bool:
    ways = (_first(one.first, other.last), _first(one.last, other.first))
    return Likeness.SAME in ways and Likeness.OTHER not in ways and Likeness.INITIAL not in ways


def _script(text: str) -> str:
    """`LATIN`, `CYRILLIC`, `CJK`: the first word of the first letter's name."""
    return "LATIN" if text[0] < "\u0250" else unicodedata.name(text[0], "").partition(" ")[0]


def generation_differs(one: Name, other: Name) -> bool:
    """Both say which of two of one name it is, and say different things."""
    return bool(one.generation and other.generation and one.generation != other.generation)


def contradict(one: Name, other: Name) -> bool:
    """No one person can have both names; another last name alone may be a new one."""
    return compare(one, other) == Likeness.OTHER


def only_nearly(one: Name, other: Name) -> bool:
    """Whether two names agree by a slip, or by a short form that several names have: twins, or a couple."""
    likeness = compare(one, other)
    if likeness == Likeness.SHORT:
        short = min(one.first, other.first, key=len)
        return sum(len(name) > len(short) + 2 for name in NAMES.get(short, ())) > 1
    return likeness in (Likeness.SLIP, Likeness.INITIAL)


def slips(one: str, other: str, most: int) -> bool:
    """Whether at most so many slips turn one text into the other. No digit may be part of them: a digit is how two of
    one name are told apart."""
    if one == other or OSA.distance(one, other, score_cutoff=most) > most:
        return False
    return [*filter(str.isdigit, one)] == [*filter(str.isdigit, other)]
