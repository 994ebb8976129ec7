"""Whether two names can be of one person."""

from airtable_push.flatten.identity.normal import Name

SHORT_NAMES = (
    "abigail abby gail|abraham abe|albert al bert|alexander alex al sasha xander|alexandra alex sasha sandra lexi|"
    "alfred al fred|alice ali|amanda mandy|andrea andi|andrew andy drew|angela angie|anthony tony ant|antonia toni|"
    "antonio tony toni|arthur art|barbara barb babs|benjamin ben benny|bernard bernie|bradley brad|bridget biddy|"
    "caroline carrie caro|catherine cathy cat kate kitty|charles charlie chuck chas|charlotte lottie charlie|"
    "christina chris tina chrissie|christine chris chrissie|christopher chris kit topher|daniel dan danny|"
    "david dave davy|deborah deb debbie|dominic dom|donald don donnie|dorothy dot dottie dolly|douglas doug|"
    "edward ed eddie ted ned|eleanor ellie nell nora|elizabeth liz lizzie beth betty betsy eliza libby lisa|emily em|"
    "eugene gene|evelyn evie|florence flo florrie|frances fran franny frankie|francesca fran chessie|"
    "francis frank frankie fran|francisco paco pancho|frederick fred freddie|friedrich fritz|gabriel gabe|"
    "gabriela gabi|geoffrey geoff|gerald gerry jerry|gertrude gert trudy|giuseppe beppe|gregory greg|guillermo memo|"
    "harold hal harry|heinrich heinz|helen nell|henrietta hettie|henry hank harry hal|ignacio nacho|isabella bella|"
    "isabel izzy bella|jacob jake|jacqueline jackie|james jim jimmy jamie|janet jan|jeffrey jeff|jennifer jen jenny|"
    "jeremiah jerry|jessica jess jessie|joanna jo|johann hans|johannes hans hannes johan jo|john jack johnny jon|"
    "jonathan jon jonny|jose pepe|joseph joe joey|josephine jo josie|joshua josh|judith judy|juliet jules|"
    "katherine kate kathy katie kat kitty|kathleen kathy kath|kenneth ken kenny|kimberly kim|lawrence larry laurie|"
    "leonard len lenny leo|lillian lily lil|louis lou louie|louise lou|lucille lucy|madeleine maddie|magdalena lena|"
    "margaret maggie meg peggy marge greta daisy|maria mia|martha patty|martin marty|mary molly polly mamie|"
    "matilda tilly mattie|matthew matt|maximilian max|megan meg|michael mike mick mickey micha|mikhail misha|"
    "mildred millie|miriam mimi|nathaniel nat nate|nathan nat nate|nicholas nick nico klaus|nikolai kolya|"
    "oliver ollie|olivia liv livvy|pamela pam|patricia pat patty trish tricia|patrick pat paddy|peter pete|"
    "philip phil pip|philippa pippa pip|priscilla cilla|rachel rae|raymond ray|rebecca becky becca|richard rick rich "
    "dick ricky|robert bob rob bobby robbie bert|roberta bobbie|ronald ron ronnie|rosemary rose rosie|rudolf rudi|"
    "russell russ|samantha sam|samuel sam sammy|sandra sandy|sebastian seb basti|sergei seryozha|sophia sophie|"
    "stanley stan|stephanie steph|stephen steve|steven steve|susan sue susie|susanna sue suzy|theodore ted teddy theo|"
    "theresa terry tess tessa|thomas tom tommy|timothy tim timmy|tobias toby|valerie val|vasily vasya|vera vee|"
    "veronica ronnie|victor vic|victoria vicky tori|vincent vince vinnie|virginia ginny|vladimir vova|walter walt|"
    "wilhelm willi|william will bill billy liam|winifred winnie|zachary zach zack"
)
"""Names with their short forms. One short form may belong to several."""
SHORTEST_MISSPELT = 5
"""Letters below which two names that nearly agree are two names: Lena and Leda."""
SHORTEST_SUBSTITUTED = 7
"""Letters below which another letter makes another name: Jonas and Jonah."""


def _forms() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(SHORT_NAMES.split("|")):
        for name in line.split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


FORMS = _forms()
FULL = {line.split()[0] for line in SHORT_NAMES.split("|")}


def one_slip(one: str, other: str, substitution: bool = True) -> bool:
    """Whether one letter too many, one too few, two swapped or (with `substitution`) one other letter turn one text
    into the other. No digit may be part of it: a digit is how two of one name are told apart."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    end = 0
    while end < len(one) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    if not (left + right).isalpha():
        return False
    if len(left) == 0:
        return len(right) == 1
    if len(left) == 1:
        return substitution and len(right) == 1
    return len(left) == 2 and right == left[::-1]


def called_alike(one: str, other: str) -> bool:
    """Whether one first name is a short form of the other, or both of a third."""
    common = FORMS.get(one, frozenset()) & FORMS.get(other, frozenset())
    # Two full names are two names, even if one is a short form elsewhere (Elizabeth and Lisa may be one, Jo two).
    return bool(common) and not (one in FULL and other in FULL)


def same_first(one: Name, other: Name) -> bool:
    """Both known, and equal but for short forms and slips."""
    if len(one.first) < 2 or len(other.first) < 2:
        return False
    return one.first == other.first or called_alike(one.first, other.first) or _misspelt(one.first, other.first, False)


def same_last(one: Name, other: Name) -> bool:
    """Both known, and equal but for slips."""
    if len(one.last) < 2 or len(other.last) < 2:
        return False
    return shares_last(one, other) or _misspelt(one.last, other.last, True)


def shares_last(one: Name, other: Name) -> bool:
    """Whether the last name of one is one that the other has. An end in common is not enough: García López and
    Martínez López are two families."""
    return one.last in other.lasts or other.last in one.lasts


def surely_same(one: Name, other: Name) -> bool:
    """Of two names that agree: whether they do without a slip, and without a short form of several names (Sam)."""
    if not shares_last(one, other):
        return False
    return (
        one.first == other.first
        or called_alike(one.first, other.first)
        and all(first in FULL or len(FORMS[first]) == 1 for first in (one.first, other.first))
    )


def _misspelt(one: str, other: str, long_enough: bool) -> bool:
    """Whether a slip makes the difference. Not in the last letter, which tells Daniel from Daniela and Ivanov from
    Ivanova, and not between two names that both exist."""
    shorter = min(len(one), len(other))
    if shorter < SHORTEST_MISSPELT or one[-1] != other[-1] or (one in FULL and other in FULL):
        return False
    return one_slip(one, other, substitution=long_enough and shorter >= SHORTEST_SUBSTITUTED)


def initial_fits(one: str, other: str) -> bool:
    """Whether one is the initial of the other or of a name that it is short for."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) != 1:
        return False
    if other.startswith(one):
        return True
    return len(other) > 1 and any(
        name.startswith(one) for name, numbers in FORMS.items() if numbers & FORMS.get(other, frozenset())
    )


def first_differs(one: Name, other: Name) -> bool:
    """Both known, and not of one person."""
    if not one.first or not other.first or same_first(one, other):
        return False
    return not initial_fits(one.first, other.first)


def last_differs(one: Name, other: Name) -> bool:
    """Both known, and not equal: another person, or a new name."""
    if not one.last or not other.last or same_last(one, other):
        return False
    return not any(initial_fits(mine, theirs) for mine in one.lasts for theirs in other.lasts)


def generation_differs(one: Name, other: Name) -> bool:
    """Both say which of two of one name it is, and say different things."""
    return bool(one.generation and other.generation and one.generation != other.generation)


def agree(one: Name, other: Name) -> bool:
    """Both names are known whole and are of one person, as far as names can tell."""
    if generation_differs(one, other) or not same_first(one, other) or not same_last(one, other):
        return False
    # A slip in one of the two names is a slip, in both it is somebody else.
    return shares_last(one, other) or one.first == other.first


def fit(one: Name, other: Name) -> bool:
    """Like `agree`, but an initial is enough for one of the two names."""
    if agree(one, other):
        return True
    if generation_differs(one, other):
        return False
    exact_last, exact_first = shares_last(one, other), one.first == other.first
    by_first = exact_last and len(one.last) > 1 and initial_fits(one.first, other.first)
    by_last = exact_first and len(one.first) > 1 and any(initial_fits(a, b) for a in one.lasts for b in other.lasts)
    return by_first or by_last


def contradict(one: Name, other: Name) -> bool:
    """No one person can have both names; another last name alone may be a new one."""
    return generation_differs(one, other) or first_differs(one, other)
