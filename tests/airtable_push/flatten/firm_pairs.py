"""Two hundred invented pairs of firms, each with a name and a web domain ('' where none is known): one firm, or two."""

Firm = tuple[str, str]

STEMS = (
    "Alder Bindery|Bramble Dairy|Cobalt Freight|Dormer Roofing|Ember Kilns|Fathom Divers|Gantry Steel|Hazel Nursery|"
    "Inlet Ferries|Juniper Press|Kestrel Optics|Lantern Films|Mortar Works|Nimbus Balloons|Orchard Tools|Pewter Mugs|"
    "Quarry Stone|Rampart Doors|Saddle Makers|Timber Yard"
).split("|")


def _domain(stem: str, ending: str = "example") -> str:
    return f"{stem.lower().replace(' ', '')}.{ending}"


def _one() -> list[tuple[Firm, Firm]]:
    pairs: list[tuple[Firm, Firm]] = []
    forms = (
        "{}, Inc.",
        "{} LLC",
        "{} Ltd",
        "{} GmbH",
        "{} GmbH & Co. KG",
        "{} S.p.A.",
        "{} K.K.",
        "{} B.V.",
        "{} A/S",
        "{} Pty Ltd",
    )
    for number, stem in enumerate(STEMS):
        pairs.append(((stem, _domain(stem)), (forms[number % 10].format(stem), "")))
        pairs.append(((forms[(number + 3) % 10].format(stem), ""), (stem.upper(), _domain(stem))))
        pairs.append(((stem, _domain(stem)), (stem.replace(" ", "-"), _domain(stem))))
        first, second = stem.split()
        longer = (f"{stem} Holding", f"{stem} of Boston", f"{stem} North", f"{first}{second} Group")[number % 4]
        pairs.append(((stem, _domain(stem)), (longer, _domain(stem))))
        slip = f"{first} {second[0]}{second[2]}{second[1]}{second[3:]}"
        pairs.append(
            ((stem, _domain(stem)), (slip, _domain(stem)))
            if number % 2
            else ((stem, ""), (f"The Owners dba {stem}", ""))
        )
    return pairs


def _two() -> list[tuple[Firm, Firm]]:
    pairs: list[tuple[Firm, Firm]] = []
    for number, stem in enumerate(STEMS):
        first, second = stem.split()
        other_first, other_second = STEMS[(number + 1) % 20].split()
        pairs.append(((f"{stem} Inc", _domain(stem)), (f"{stem} LLC", f"{_domain(stem, 'test')}")))
        pairs.append(((stem, ""), (f"{first} {other_second}", "")))
        pairs.append(((stem, _domain(stem)), (f"{other_first} {other_second}", _domain(stem))))
        pairs.append(((f"{stem} 1", ""), (f"{stem} 2", "")))
        generic = (
            ("Self-employed", "Self Employed"),
            ("Freelance", "freelance"),
            ("n/a", "N/A"),
            ("Individual", "individual"),
        )
        pairs.append(((generic[number % 4][0], ""), (generic[number % 4][1], "")))
    return pairs


ONE_FIRM, TWO_FIRMS = _one(), _two()
