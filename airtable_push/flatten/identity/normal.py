"""What a name, an address, a telephone and a firm's name are once spelling is taken out: for matching only.
airtable.md E2.

What people see is the value as it was written."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers
from babel import Locale
from cleanco import basename, prepare_default_terms
from nameparser import HumanName

ROLES = frozenset(
    "abuse accounting accounts admin administrator all ap ar backoffice billing bookings career careers client clients "
    "company contact customer customers desk enquiries enquiry events finance frontdesk general hallo hello help "
    "helpdesk hey hi hr info information inquiries invoice invoices invoicing jobs kontakt legal mail mailbox manager "
    "marketing media noreply office operations ops order orders orders payable payables payroll postmaster press "
    "procurement purchasing receivable reception sales secretary service services shop staff studio support team "
    "verkauf webmaster welcome nobody none unknown "
    "buchhaltung buero einkauf empfang geschaeftsleitung personal poststelle rechnung rechnungen sekretariat vertrieb "
    "zentrale accueil achats bonjour bureau commercial compta comptabilite facturation secretariat ventes "
    "administracion compras contabilidad contacto facturacion hola oficina pagos pedidos recepcion ventas "
    "acquisti amministrazione commerciale contabilita fatture segreteria ufficio vendite "
    "administratie boekhouding compras comercial contato faturas financeiro inkoop verkoop vendas".split()
)
"""Mailboxes of a task, not of a person, by the word before the `@` without digits."""
NOBODY = frozenset(
    "na none no null nil nobody unknown unbekannt test tests testing example notprovided notavailable "
    "nothing tbd xxx asdf anonymous undisclosed walkin cash".split()
)
"""What people type, letters only, where they have no address or name to give. It is the whole value, never a part: Na
is a name."""
NO_MAILBOX = frozenset(
    "noemail nomail noaddress noreply donotreply dontreply notprovided notavailable mailerdaemon".split()
)
"""What stands before the `@` where there is no mailbox, letters only."""
NO_FIRM = NOBODY | frozenset(
    "self selfemployed selfemployment freelance freelancer freelancing individual private privateperson personal "
    "household retired student unemployed soleproprietor soletrader independent homeowner consumer customer "
    "consultant contractor homemaker housewife notemployed notapplicable nonegiven noneprovided tobedetermined tba "
    "various other company business home family "
    "selbstaendig selbstandig selbststandig freiberuflich privat particulier autonomo particular".split()
)
"""What people write, letters only, where there is no firm."""
TITLES = frozenset("mr mrs ms miss mx dr prof professor sir dame rev herr frau mme mlle sr sra".split())
GENERATIONS = dict(
    zip("jr junior filho hijo sr senior ii iii neto iv".split(), "jr jr jr jr sr sr ii iii iii iv".split(), strict=True)
)
GERMAN_GENERATION = re.compile(r"\b(?:(sen)|jun)\.\s*$", re.I)
"""Only with the point: Sen and Jun are names."""
PARTICLES = frozenset("al and bin da das de del der di do dos du el ibn la las los of the und van von".split())
"""Words between names that say nothing of whose they are."""
EAST_ASIAN = re.compile("[\u3005-\u3007\u3041-\u309f\u3400-\u9fff\uac00-\ud7af]")
"""Han, Hiragana and Hangul, in which the last name stands first. Katakana is for names from elsewhere."""
DEGREES = frozenset("phd md mba esq cpa dds rn pe msc bsc".split())
NO_PLAIN_WORDS = TITLES | DEGREES | GENERATIONS.keys()
LEGAL_FORMS = frozenset(
    "kg kgaa co company incorporated corporation cv ооо оао зао пао 株式会社 有限会社 合同会社".split()
)
"""Words of legal forms that `cleanco` leaves at either end."""
TRADING_AS = re.compile(r"\b(?:d/?b/?a|t/a|trading as|doing business as)\b\.?", re.I)
SLASHED_FORMS = re.compile(r"^(?:a/s|i/s|k/s)\s+|\bk\.\s?k\.?$", re.I)
PROVIDERS = frozenset(
    "gmail googlemail yahoo ymail rocketmail outlook hotmail live msn icloud aol gmx protonmail yandex".split()
)
"""Of mailboxes for everybody, in many countries, by the word before the first point."""
FREE_MAIL = frozenset(
    "me.com mac.com web.de freenet.de arcor.de t-online.de proton.me pm.me mail.com email.com fastmail.com hey.com "
    "tutanota.com zoho.com mail.ru bk.ru list.ru inbox.ru comcast.net att.net verizon.net sbcglobal.net bellsouth.net "
    "cox.net charter.net earthlink.net juno.com optonline.net frontier.com windstream.net centurylink.net shaw.ca "
    "rogers.com sympatico.ca telus.net btinternet.com ntlworld.com virginmedia.com talktalk.net sky.com tiscali.it "
    "libero.it virgilio.it alice.it orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr bluewin.ch telenet.be "
    "skynet.be ziggo.nl kpnmail.nl planet.nl xs4all.nl uol.com.br bol.com.br terra.com.br ig.com.br seznam.cz wp.pl "
    "o2.pl onet.pl interia.pl bigpond.com bigpond.net.au optusnet.com.au xtra.co.nz rediffmail.com qq.com 163.com "
    "126.com sina.com naver.com hanmail.net daum.net home.example mail.example".split()
)
"""Of mailboxes for everybody, and of those who bring the internet to houses."""
ADDRESS = re.compile(r"[^@\s<>\"(),;:\\]+@[^@\s<>\"(),;:\\]+\.[^@\s<>\"(),;:\\.]{2,}")
EXTENSION = re.compile(r"[,;]?\s*(?:ext(?:ension)?|x|#|durchwahl)\.?\s*:?\s*(\d{1,7})\s*$", re.I)
TRUNK_ZERO = re.compile(r"\(0\)")
COUNTRY_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
"""In which countries are named."""
NO_LETTERS = re.compile("[^0-9a-z]+")
PLAIN_NAME = re.compile(r"[A-Za-z][\w'-]+ [A-Za-z][\w'-]+")
"""A first and a last name, with nothing that has to be told apart."""
NO_PART_OF_A_FIRM = re.compile(r"(?:[^0-9a-z\u00c0-\uffff]|[\u2000-\u206f\u3008-\u301f])+")
SEPARATORS = re.compile(r"[;,|\n]")
FOREIGN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
TOLL_FREE = (phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.SHARED_COST)


@dataclass(frozen=True, slots=True)
class Name:
    """`first` and `last` are folded to plain lower-case letters, '' where unknown, a single letter for an initial.
    `lasts` are all forms that the last name may have: "van Tongeren" is `vantongeren` and `tongeren`. `middle` is what
    stands between."""

    first: str = ""
    last: str = ""
    lasts: frozenset[str] = field(default=frozenset(), hash=False)
    generation: str = ""
    middle: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        return is_whole(self.first) and is_whole(self.last)

    @property
    def key(self) -> str:
        return f"{self.first} {self.last}"


def is_whole(part: str) -> bool:
    """Whether a part of a name is more than an initial: in East Asia one letter is a name."""
    return len(part) > 1 or is_east_asian(part)


def is_east_asian(text: str) -> bool:
    """Whether a text begins with a Han letter, a syllable of Korea or Japan, or a sign of theirs."""
    return text[:1] >= "\u2e80"


def folded(text: str) -> str:
    """Lower case without accents, in the letters that most keyboards have; spaces are single."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(FOREIGN_LETTERS))
    kept = "".join(letter for letter in plain if not _is_accent(letter))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _is_accent(letter: str) -> bool:
    """Whether it is a mark without which a letter is still the letter. Signs of Indian and Thai vowels, and what makes
    a Japanese syllable another one, have classes between."""
    return 10 <= unicodedata.combining(letter) < 84 or unicodedata.combining(letter) >= 200


def letters(text: str) -> str:
    """Only the letters and digits of a folded text."""
    if text.isascii():
        return NO_LETTERS.sub("", text.lower())
    return "".join(letter for letter in folded(text) if letter.isalnum() or unicodedata.category(letter)[0] == "M")


@lru_cache(maxsize=200_000)
def name_of(first: str, last: str, whole: str = "", suffix: str = "") -> Name:
    """A name from its parts; what is missing is taken from the whole: `Ada Fernsby`, `Fernsby, Ada`,
    `Dr. Ada M. Fernsby Jr.`, `Ada Fernsby, CFP`. A last name alone stays one."""
    first, last, middle, generation = first.strip(), last.strip(), "", _generation(suffix)
    if not (first and last) and whole.strip():
        parsed = _parsed(whole)
        generation = generation or _generation(parsed.suffix)
        if (parsed.first and parsed.last) or not (first or last):
            first, middle, last = first or parsed.first, parsed.middle, last or parsed.last
    givens = [word for word in _words(first) if word not in TITLES]
    between, families = _words(middle), _words(last)
    while len(between) + len(families) > 1 and (families[-1] in GENERATIONS or families[-1] in DEGREES):
        ending = families.pop()
        generation = generation or GENERATIONS.get(ending, "")
        families = families or [between.pop()]
    given, joined = givens[0] if givens else "", "".join(families)
    between = [word for word in givens[1:] + between if word not in PARTICLES]
    if given + joined in NOBODY or given in NOBODY and joined in NOBODY:
        return Name()
    lasts = frozenset({joined, *families[-1:], *_parts_of(last)} - {""})
    return Name(given, joined, lasts, generation, tuple(between))


def _parts_of(last: str) -> list[str]:
    """The last names in one that is made of several: Smith-Jones, García López."""
    parts = [letters(part) for part in re.split(r"[\s-]+", last)]
    named = [part for part in parts if len(part) > 2 and part not in PARTICLES | NO_PLAIN_WORDS]
    return named if len(named) > 1 or "-" in last else []


@dataclass(frozen=True, slots=True)
class _Parsed:
    first: str
    last: str
    suffix: str = ""
    middle: str = ""


def _parsed(whole: str) -> _Parsed:
    """The parts of a whole name. Two plain words are not worth a parser: there are many, and it takes half a
    millisecond."""
    words = whole.split()
    if (
        len(words) == 2
        and PLAIN_NAME.fullmatch(" ".join(words))
        and not {letters(word) for word in words} & NO_PLAIN_WORDS
    ):
        return _Parsed(*words)
    if EAST_ASIAN.match(whole.strip()) and "," not in whole:
        return _Parsed("".join(words[1:]), words[0])
    name = HumanName(GERMAN_GENERATION.sub(lambda found: "Sr" if found[1] else "Jr", whole))
    return _Parsed(name.first, name.last, name.suffix, name.middle)


def shown_name(first: str, last: str, whole: str) -> str:
    """A person's name as people read it: as it was written, with a comma between last and first name turned round."""
    first, last, whole = first.strip(), last.strip(), " ".join(whole.split())
    if first and last:
        return f"{first} {last}"
    if "," not in whole:
        return whole or first or last
    parsed = HumanName(whole)
    if whole.startswith(f"{parsed.last},") and parsed.first:
        return " ".join(filter(None, (parsed.title, parsed.first, parsed.middle, parsed.last, parsed.suffix)))
    return whole


def _generation(suffix: str) -> str:
    return next((GENERATIONS[word] for word in _words(suffix) if word in GENERATIONS), "")


def _words(text: str) -> list[str]:
    """The words of a name; those that a hyphen joins are one."""
    return [word for word in (letters(part) for part in re.split(r"[\s,]+", text.replace(".", ". "))) if word]


def addresses_of(text: str) -> tuple[str, ...]:
    """The e-mail addresses in a text, in order: lower case, without display names; placeholders are left out."""
    found = []
    for part in SEPARATORS.split(text):
        cleaned = unicodedata.normalize("NFKC", part).strip().removeprefix("mailto:")
        if "<" in cleaned and ">" in cleaned:
            cleaned = cleaned[cleaned.index("<") + 1 : cleaned.rindex(">")].strip().removeprefix("mailto:")
        cleaned = cleaned.casefold()
        if ADDRESS.fullmatch(cleaned) and "•" not in cleaned and not is_placeholder(cleaned) and cleaned not in found:
            found.append(cleaned)
    return tuple(found)


def is_placeholder(address: str) -> bool:
    """Whether an address is what people type who have none: before the `@` and behind it."""
    local, _, domain = address.casefold().partition("@")
    name, host = letters(local), letters(domain.partition(".")[0])
    return not name or name in NO_MAILBOX or name in NOBODY and host in NOBODY


@lru_cache(maxsize=100_000)
def is_role(address: str) -> bool:
    """Whether an address is the mailbox of a task: `info@`, `sales.uk@`, `office2@`."""
    words = [re.sub(r"\d+", "", word) for word in re.split(r"[._+-]", address.partition("@")[0])]
    return bool(words) and (words[0] in ROLES or "".join(words) in ROLES)


def untagged(address: str) -> str:
    """The address without a `+tag`."""
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"


@lru_cache(maxsize=100_000)
def phone_of(text: str, country: str) -> tuple[str, str] | None:
    """A telephone as E.164 and its extension. `country` (two letters) is where numbers without a country code are
    from. None where it is no number that can exist, a toll-free one, or one that somebody made up."""
    cleaned = unicodedata.normalize("NFKC", text).strip()
    extension = EXTENSION.search(cleaned)
    if extension:
        cleaned = cleaned[: extension.start()]
    cleaned = TRUNK_ZERO.sub("", cleaned) if cleaned.startswith(("+", "00")) else cleaned
    if cleaned.startswith("00"):
        cleaned = f"+{cleaned[2:]}"
    try:
        number = phonenumbers.parse(cleaned, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in TOLL_FREE:
        return None
    standard = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if len(set(standard[-7:])) == 1:
        return None
    return standard, extension[1] if extension else number.extension or ""


def phones_of(text: str, country: str, elsewhere: str = "") -> tuple[tuple[str, str], ...]:
    """All telephones of a text in which a semicolon or a bar parts them, in order. `elsewhere`, the country that the
    record names, comes before `country`."""
    parts = [part for part in re.split(r"[;|\n]", text) if part.strip()]
    regions = [region for region in (region_of(elsewhere), country) if region]
    found = (next(filter(None, (phone_of(part, region) for region in regions)), None) for part in parts)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def region_of(country: str) -> str:
    """The two letters of a country that is written as such, or by its name; '' where it is none."""
    code = country.strip().upper()
    if code in phonenumbers.SUPPORTED_REGIONS:
        return code
    return _regions().get(letters(country), "")


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    found = {
        "uk": "GB",
        "england": "GB",
        "scotland": "GB",
        "wales": "GB",
        "usa": "US",
        "america": "US",
        "holland": "NL",
    }
    for language in COUNTRY_LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in phonenumbers.SUPPORTED_REGIONS:
                found.setdefault(letters(name), code)
    return found


@lru_cache(maxsize=100_000)
def firm_of(text: str) -> str:
    """A firm's name without legal form, punctuation and spaces; '' where it names none. Of `Ann Lee dba Lee Films` it
    is the second."""
    if letters(text) in NO_FIRM:
        return ""
    traded = TRADING_AS.split(text)[-1].strip() or text
    cleaned = traded
    if {*_firm_words(traded)} & _words_of_legal_forms() or not traded.isascii() or SLASHED_FORMS.search(traded):
        cleaned = basename(basename(SLASHED_FORMS.sub("", traded)))
    kept = _firm_words(cleaned)
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS:
        kept.pop()
    while len(kept) > 1 and kept[0] in LEGAL_FORMS:
        kept.pop(0)
    joined = "".join(kept or _firm_words(traded))
    return "" if joined in NO_FIRM or len(joined) < 2 else joined


@lru_cache(maxsize=1)
def _words_of_legal_forms() -> frozenset[str]:
    """Every word of every legal form that `cleanco` knows, without which there is nothing to clean."""
    return frozenset(word for form in prepare_default_terms() for word in _firm_words(" ".join(form[1])))


def whole_firm_of(text: str) -> str:
    """A firm's name with its legal form, without punctuation and spaces."""
    return "".join(_firm_words(text))


def _firm_words(text: str) -> list[str]:
    plain = folded(text).replace("&", " and ").replace("'", "").replace("’", "").replace(".", "")
    return [word for word in NO_PART_OF_A_FIRM.split(plain) if word]


def domain_of(address: str) -> str:
    """The domain of an address if it says something of the firm, else ''."""
    domain = address.partition("@")[2]
    return "" if domain in FREE_MAIL or domain.partition(".")[0] in PROVIDERS else domain
