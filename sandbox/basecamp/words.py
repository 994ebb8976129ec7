"""Invented titles and texts."""

from random import Random

VERBS = (
    "Agree on|Archive|Book|Check|Collect|Compare|Confirm|Draft|Estimate|File|Finish|Fix|Invoice|Measure|"
    "Order|Plan|Print|Proofread|Renew|Replace|Review|Schedule|Send|Sketch|Sort|Test|Translate|Update"
).split("|")
THINGS = (
    "the autumn brochure|badge holders|the bakery labels|booth lighting|the budget sheet|cable ducts|"
    "the call notes|colour proofs|the contract annex|courier slips|the data export|door signs|"
    "the ferry timetable|floor plans|freight papers|glaze samples|the harbour permit|hosting quotes|"
    "insurance forms|the intake form|kiln tests|the launch list|lens orders|meeting minutes|the menu cards|"
    "orchard maps|packaging mock-ups|the press kit|price tables|pump manuals|the quarterly report|receipts|"
    "the reference photos|shelf tags|the site survey|spare parts|supplier terms|the textile swatches|"
    "travel costs|the wiring diagram"
).split("|")
SENTENCES = (
    "The second version reads better than the first.|Please look at the figures before Thursday.|"
    "Nobody has answered yet.|I moved the date because the printer is closed.|"
    "Two boxes are missing from the delivery.|We can reuse what we did for the ferry.|"
    "The client wants it smaller and in blue.|Who has the key to the store room?|"
    "It works on my side, can somebody confirm?|Thanks, that was quick — really.|"
    "Let us talk about “phase two” on Monday.|The quote is 1,240.50 without tax & shipping.|"
    "I will be away for a week.|Done, and filed under last year.|"
    "They asked for an answer in French: « d'accord ».|Could be a mistake in the sheet, row 17.|"
    "Looks good to me 👍"
).split("|")
PROJECTS = (
    "Our Website|Office Move|Hiring|Summer Party|Price List|Photo Archive|Templates|New Printers|Security Audit|"
    "Reference Stories|Yearly Planning|Onboarding|Typefaces|Studio Kitchen"
).split("|")
LISTS = ("Backlog|This week|Before the launch|Waiting for the client|Paperwork|Printing|Website|Nice to have").split(
    "|"
)
QUESTIONS = "What did you work on today?|What is in your way?|What did you learn this week?|Any good news?".split("|")
BOOSTS = "👍|Yes!|🎉|Nice work|❤️|Well done".split("|")
FILES = (
    ("proof.pdf", "application/pdf"),
    ("figures.xlsx", "application/vnd.ms-excel"),
    ("booth.png", "image/png"),
    ("minutes.txt", "text/plain"),
    ("swatch.jpg", "image/jpeg"),
    ("plan.dwg", "application/octet-stream"),
)
COLORS = ("white", "grey", "blue", "orange", "yellow", "red", "purple", "green", None)
MARKERS = "Fair opens|Catalogue to print|Year end|Office closed|Launch".split("|")
CATEGORIES = (("Announcement", "📢"), ("FYI", "✨"), ("Heartbeat", "❤️"), ("Pitch", "💡"), ("Question", "👋"))


def title(random: Random) -> str:
    return f"{VERBS[int(random.random() * len(VERBS))]} {THINGS[int(random.random() * len(THINGS))]}"


def sentence(random: Random) -> str:
    return SENTENCES[int(random.random() * len(SENTENCES))]


def rich(random: Random, sentences: int = 2) -> str:
    """HTML as the editor writes it."""
    return f"<div>{'<br>'.join(sentence(random) for _ in range(sentences))}</div>"


def pool(random: Random, size: int) -> list[str]:
    """Texts to share between many records, so that a large company stays small in memory."""
    return [rich(random, 1 + index % 4) for index in range(size)]
