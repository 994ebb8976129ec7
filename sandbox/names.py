"""Words that people, firms and places of the fictitious company are named from. They belong to nobody."""

FIRST_NAMES = (
    "Ada Alma Amos Anouk Arlo Astrid Bela Bram Calla Cato Cleo Cyrus Dagny Darius Delia Edda Elio Elke Emil "
    "Enzo Esme Ezra Fenna Finn Flora Gita Greta Hana Hugo Ida Imre Ines Ivo Jana Jonas Juno Kaia Kenji Lars "
    "Leda Lena Levi Linus Lotte Luca Mabel Magnus Maeve Mika Milo Nadia Nell Nico Noor Odin Olga Otto Petra "
    "Pia Quinn Rafa Ragna Remy Rosa Rufus Saga Silas Sonja Tamsin Tariq Thea Tobias Uma Vera Viggo Wanda "
    "Willa Xenia Yara Yusuf Zelda Zora"
).split()
LAST_NAMES = (
    "Abbotsleigh Ambergate Ashgrove Barrowcliff Birchmere Blackfen Brambledon Bridgewick Caldermoor "
    "Copperfold Crosshaven Dalewright Duskwater Eastmarch Elderbrook Fairhollow Fernsby Flintlock Foxglen "
    "Galloway-Reyes Greywater Halloran-Pike Harrowgate Heathcroft Hollowell Ironbridge Jessamine Kestrelton "
    "Kirkbride Lanternby Larkspur Lindqvale Marlowe-Finch Meadowcroft Millrace Moorcock Netherby Northwold "
    "Oakhollow Orchardson Osterhout Palewater Penhallow Quillfeather Ravenscar Redfern Rookwood Rosethorn "
    "Saltmarsh Sandalwood Silverbeck Stonecrop Summerhayes Tanglewood Thistledown Tidewell Underhill "
    "Vantongeren Westerfield Whitlock Wildgoose Winterbourne Woodrush Yarrowby"
).split()
CLIENT_WORDS = (
    "Amber Basalt Cobalt Delta Ember Fjord Granite Harbor Indigo Juniper Krill Lumen Mistral Nimbus Ochre Pebble "
    "Quartz Rowan Sable Tundra Umber Velvet Willow Yarrow Zephyr Alder Birch Cedar Dune Elm Flint Gorse Heron "
    "Iris Jasper Kelp Linden Maple Nettle Osprey Plover Quill"
).split()
CLIENT_KINDS = "Bakeries|Optics|Freight|Orchards|Pumps|Textiles|Clinics|Robotics|Ferries|Ceramics|Brewing|Press".split(
    "|"
)
ROLES = (
    "Account Director|Accountant|Art Director|Bookkeeper|Copywriter|Data Analyst|Designer|Developer|Engineer|"
    "Operations Lead|Producer|Project Manager|Researcher|Strategist|Support Agent"
).split("|")
CITIES = "Port Ellery|Marrow Bay|Quarrytown|Saint Orin|Low Fell|Teal Harbour".split("|")
TIME_ZONES = "America/Chicago|America/New_York|Europe/Lisbon|Europe/Vienna|Asia/Tokyo|Pacific/Auckland".split("|")
AREA_CODES = (
    "312 201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 "
    "251 252 253 254 256 260 262 267 269 270 276 281"
).split()
"""Of the telephones of people whom the company knows: 555-0100 to 555-0199 in each is kept free for fiction."""
OTHER_AREA_CODES = (
    "401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 432 434 435 440 443 469 478 479 480 484 501 "
    "502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 540 541 551 559 561 562 563 567 570 571 573 574 "
    "580 585 586 601 602 603 605 606 607 608 609 610 612 614 615 616 617 618 619 620 623 626 630 631 636 641 646 650"
).split()
"""Of everybody else's telephones."""
LINES = 100
"""Telephone numbers of an area code that are kept free for fiction."""


def telephone(area_codes: list[str], number: int) -> str:
    """The telephone of that number: another one for each until the area codes are used up."""
    return f"+1 {area_codes[number // LINES % len(area_codes)]} 555 {LINES + number % LINES:04d}"
