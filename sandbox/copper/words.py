"""Invented texts of a sales department."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from sandbox.names import LINES, OTHER_AREA_CODES, telephone

T = TypeVar("T")
SURNAMES_OF_FIRMS = (
    "Ashby|Brook|Carver|Dunmore|Elmfield|Farrow|Glenn|Hartley|Ingram|Jarrow|Kettle|Lowick|Marsh|Norden|Osgood|Perrin"
).split("|")
TRADES = (
    "Boats|Brickworks|Catering|Dairies|Dental|Electric|Fabrics|Gardens|Haulage|Joinery|Kennels|Lighting|Metals|"
    "Nurseries|Paints|Printing|Roofing|Saddlery|Tools|Vineyards"
).split("|")
FORMS = ("", " Ltd", " GmbH", " & Daughters", " Group")
DEALS = (
    "Poster series|Annual maintenance|Shop fitting|Catalogue 2026|Replacement signs|Window lettering|Trial print|"
    "Support contract|Reprints|Training days|Second site|Renewal|Pilot exhibition"
).split("|")
TASKS = (
    "Call back|Send the offer|Check the address|Ask for references|Prepare the demo|Book a table|Collect signatures|"
    "Update the price list|Chase the invoice"
).split("|")
PROJECTS = "Onboarding|Roll-out north|Trade fair|Data cleaning|Office move|Partner programme|New brochure".split("|")
NOTES = (
    "Wants a quote|Left a message, calls back on Monday|Met at the fair, likes the blue one|"
    "Budget is fixed until June — “no surprises”|Prefers e-mail|Sent the brochure\nand the price list|"
    "Décision en mars, d'après l'assistante|👍 for the new prices|Asked about delivery < 2 weeks & insurance"
).split("|")
TAGS = (
    "regatta|newsletter|vip|cold|spring-fair|reseller|press|supplier|do not call|2025|2026|Überregional|gold|silver|"
    "needs review|warm & fuzzy"
).split("|")
STREETS = "Quay Rd|Mill Lane|Market Sq|Harbour Street|Old Post Way|Linden Walk".split("|")
COUNTRIES = ("US", "FI", "AT", "PT", "JP", "NZ")
FILES = (
    ("offer.pdf", "application/pdf"),
    ("minutes.txt", "text/plain"),
    ("site.jpg", "image/jpeg"),
    ("figures.xlsx", "application/vnd.ms-excel"),
)


def pick(random: Random, choices: Sequence[T]) -> T:
    return choices[int(random.random() * len(choices))]


def phone(random: Random) -> str:
    """Somebody's telephone; none that the company's own people or contacts have."""
    return telephone(OTHER_AREA_CODES, int(random.random() * len(OTHER_AREA_CODES) * LINES))


def firm(random: Random) -> str:
    return f"{pick(random, SURNAMES_OF_FIRMS)} {pick(random, TRADES)}{pick(random, FORMS)}"
