"""What a name, an address, a telephone and a firm's name are once spelling is taken out. airtable.md E2."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

ROLES = frozenset(
    "abuse accounting accounts admin administrator all ap ar backoffice billing bookings career careers client clients "
    "company contact customer customers desk enquiries enquiry events finance frontdesk general hallo hello help "
    "helpdesk hey hi hr info information inquiries invoice invoices invoicing jobs kontakt legal mail mailbox manager "
    "marketing media noreply office operations ops order orders orders payable payables payroll postmaster press "
    "procurement purchasing receivable reception sales secretary service services shop staff studio support team "
    "verkauf webmaster welcome "
    "buchhaltung buero einkauf empfang geschaeftsleitung personal poststelle rechnung rechnungen sekretariat vertrieb "
    "zentrale accueil achats bonjour bureau commercial compta comptabilite facturation secretariat ventes "
    "administracion compras contabilidad contacto facturacion hola oficina pagos pedidos recepcion ventas "
    "acquisti amministrazione commerciale contabilita fatture segreteria ufficio vendite "
    "administratie boekhouding compras comercial contato faturas financeiro inkoop verkoop vendas".split()
)
"""Mailboxes of a task, not of a person, by the word before the `@` without digits."""
NOBODY = frozenset(
    "na none no null nil nobody unknown unbekannt test tests testing example noemail nomail noaddress noreply "
    "donotreply dontreply nothing tbd xxx asdf anonymous undisclosed notprovided notavailable mailerdaemon".split()
)
"""What people type, letters only, where they have no address or name to give."""
TITLES = frozenset("mr mrs ms miss mx dr prof professor sir dame rev herr frau mme mlle sr sra".split())
GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
DEGREES = frozenset("phd md mba esq cpa dds rn pe msc bsc".split())
LEGAL_FORMS = frozenset(
    "inc incorporated llc llp lp ltd limited corp corporation co company plc pllc pc gmbh ag kg ohg ug se sa sas sarl "
    "srl spa sl bv nv ab as asa oy oyj aps kk pty pvt lda".split()
)
SLASHED_FORMS = re.compile(r"\b(?:s\.?\s?a\.?\s?r\.?\s?l|s\.\s?a|a/s|b\.\s?v|l\.\s?l\.\s?c|g\.?m\.?b\.?h)\b\.?", re.I)
FREE_MAIL = frozenset(
    "gmail.com googlemail.com yahoo.com outlook.com hotmail.com live.com msn.com icloud.com me.com aol.com gmx.com "
    "gmx.net gmx.de web.de proton.me protonmail.com mail.com yandex.com fastmail.com home.example mail.example".split()
)
ADDRESS = re.compile(r"[^@\s<>\"(),;:\\]+@[^@\s<>\"(),;:\\]+\.[^@\s<>\"(),;:\\.]{2,}")
EXTENSION = re.compile(r"[,;]?\s*(?:ext(?:ension)?|x|#|durchwahl)\.?\s*:?\s*(\d{1,7})\s*$", re.I)
TRUNK_ZERO = re.compile(r"\(0\)")
SEPARATORS = re.compile(r"[;,|\n]")
FOREIGN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
TOLL_FREE = (phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.SHARED_COST)


@dataclass(frozen=True, slots=True)
class Name:
    """`first` and `last` are folded to plain lower-case letters, '' where unknown, a single letter for an initial.
    `lasts` are all forms that the last name may have: "van Tongeren" is `vantongeren` and `tongeren`."""

    first: str = ""
    last: str = ""
    lasts: frozenset[str] = frozenset()
    generation: str = ""

    @property
    def is_full(self) -> bool:
        return len(self.first) > 1 and len(self.last) > 1

    @property
    def key(self) -> str:
        return f"{self.first} {self.last}"


def folded(text: str) -> str:
    """Lower case without accents, in the letters that most keyboards have; spaces are single."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(FOREIGN_LETTERS))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def letters(text: str) -> str:
    """Only the letters and digits of a folded text."""
    return "".join(letter for letter in folded(text) if letter.isalnum())


@lru_cache(maxsize=100_000)
def name_of(first: str, last: str, whole: str = "", suffix: str = "") -> Name:
    """A name from its parts, or from the whole where the parts are missing: `Ada Fernsby`, `Fernsby, Ada`,
    `Dr. Ada M. Fernsby Jr.`, `Ada F.`"""
    generation = _generation(suffix)
    if not (first.strip() and last.strip()):
        if (first.strip() or last.strip()) and not whole.strip():
            whole = first or last
        first, last = _parted(whole)
    givens = [word for word in _words(first) if word not in TITLES]
    families = _words(last)
    while len(families) > 1 and (families[-1] in GENERATIONS or families[-1] in DEGREES):
        ending = families.pop()
        generation = generation or GENERATIONS.get(ending, "")
    given = givens[0] if givens else ""
    joined = "".join(families)
    if not joined or given in NOBODY or joined in NOBODY and given in ("", joined):
        return Name(first="" if given in NOBODY else given, generation=generation)
    return Name(given, joined, frozenset({joined, families[-1]}), generation)


def _generation(suffix: str) -> str:
    words = _words(suffix)
    return GENERATIONS.get(words[0], "") if words else ""


def _words(text: str) -> list[str]:
    """The words of a name; those that a hyphen joins are one."""
    return [word for word in (letters(part) for part in re.split(r"[\s,]+", text.replace(".", ". "))) if word]


def _parted(whole: str) -> tuple[str, str]:
    """First and last name of a whole one."""
    head, comma, tail = whole.partition(",")
    if comma and tail.strip() and _words(tail) and _words(tail)[0] not in (GENERATIONS.keys() | DEGREES):
        return tail, head
    words = [word for word in re.split(r"\s+", whole.replace(",", " ").strip()) if word]
    while words and letters(words[0]) in TITLES:
        words.pop(0)
    if len(words) < 2:
        return (words[0] if words else ""), ""
    ending = 1
    while ending < len(words) - 1 and letters(words[-ending]) in (GENERATIONS.keys() | DEGREES):
        ending += 1
    return " ".join(words[:-ending]), " ".join(words[-ending:])


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
    """Whether an address, or any text, is what people type who have none."""
    local, _, domain = address.casefold().partition("@")
    host = letters(domain.partition(".")[0])
    return letters(local) in NOBODY or host in NOBODY - {"example"} or not letters(local)


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
    """All telephones of a text in which a semicolon or a bar parts them, in order. What is none in `country` is tried
    in the country where the record says that the person is."""
    parts = [part for part in re.split(r"[;|\n]", text) if part.strip()]
    other = elsewhere.strip().upper()
    other = other if other in phonenumbers.SUPPORTED_REGIONS else country
    found = (phone_of(part, country) or phone_of(part, other) for part in parts)
    return tuple(dict.fromkeys(one for one in found if one is not None))


@lru_cache(maxsize=100_000)
def firm_of(text: str) -> str:
    """A firm's name without legal form, punctuation and spaces; '' for a placeholder."""
    kept = [word for word in _firm_words(text) if word not in LEGAL_FORMS]
    joined = "".join(kept or _firm_words(text))
    return "" if joined in NOBODY or len(joined) < 2 else joined


def whole_firm_of(text: str) -> str:
    """A firm's name with its legal form, without punctuation and spaces."""
    return "".join(_firm_words(text))


def _firm_words(text: str) -> list[str]:
    plain = SLASHED_FORMS.sub(lambda form: re.sub(r"[^a-z]", "", form[0].lower()), folded(text)).replace("&", " and ")
    return [word for word in re.split(r"[^0-9a-z\u0080-\uffff]+", plain.replace("'", "").replace("’", "")) if word]


def domain_of(address: str) -> str:
    """The domain of an address if it says something of the firm, else ''."""
    domain = address.partition("@")[2]
    return "" if domain in FREE_MAIL else domain
