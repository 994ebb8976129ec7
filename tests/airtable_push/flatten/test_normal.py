"""What is left of names, addresses, telephones and firms once spelling is taken out."""

import pytest

from airtable_push.flatten.identity.normal import (
    Name,
    addresses_of,
    firm_of,
    is_role,
    name_of,
    phone_of,
    phones_of,
    shown_name,
    untagged,
    whole_firm_of,
)


@pytest.mark.parametrize(
    "whole",
    ["Ada Fernsby", "Fernsby, Ada", "ADA FERNSBY", "  Dr. Ada M.  Fernsby ", "Ms Ada Fernsby, PhD", "Àda Fernsby"],
)
def test_a_name_is_the_same_however_it_is_written(whole: str) -> None:
    assert name_of("", "", whole).key == "ada fernsby"


def test_first_and_last_name_are_believed_before_the_whole() -> None:
    assert name_of("Ada", "Fernsby", "A. F.").key == "ada fernsby"
    assert name_of("", "", "Ada F.") == Name("ada", "f", frozenset({"f"}))


@pytest.mark.parametrize(
    ("first", "last", "whole", "suffix"),
    [
        ("Otto", "Fernsby Jr.", "", ""),
        ("Otto", "Fernsby", "", "jr."),
        ("", "", "Otto Fernsby Jr", ""),
        ("", "", "Otto Fernsby, Jr.", ""),
        ("Otto", "Fernsby Jr.", "", "Junior"),
    ],
)
def test_a_generation_is_no_part_of_the_name(first: str, last: str, whole: str, suffix: str) -> None:
    name = name_of(first, last, whole, suffix)
    assert (name.key, name.generation) == ("otto fernsby", "jr")


def test_a_last_name_of_several_words_is_known_by_all_and_by_the_last() -> None:
    assert name_of("Noor", "van Tongeren").lasts == {"vantongeren", "tongeren"}


@pytest.mark.parametrize("text", ["", "n/a", "N/A", "unknown", "None None", "-", "?", "null", "test test"])
def test_a_placeholder_is_no_name(text: str) -> None:
    assert not name_of("", "", text).is_full


def test_addresses_are_taken_out_of_what_is_around_them() -> None:
    assert addresses_of("Ada <Ada.F@Firm.Example>; mailto:b@firm.example, b@FIRM.example") == (
        "ada.f@firm.example",
        "b@firm.example",
    )


@pytest.mark.parametrize(
    "text",
    [
        "n/a",
        "none@none.example",
        "noreply@mail.example",
        "no@mail",
        "a@b@c.example",
        "@firm.example",
        "j••••@•••.•••",
        "unknown",
        "a b@firm.example",
    ],
)
def test_a_placeholder_is_no_address(text: str) -> None:
    assert addresses_of(text) == ()


@pytest.mark.parametrize(
    "address", ["info@x.example", "sales.uk@x.example", "office2@x.example", "hr@x.example", "compras@x.example"]
)
def test_a_mailbox_of_a_task_is_known_by_its_name(address: str) -> None:
    assert is_role(address)
    assert not is_role("ada.info@x.example")


def test_a_tag_is_taken_off_an_address() -> None:
    assert untagged("ada+billing@x.example") == "ada@x.example"


@pytest.mark.parametrize(
    "text", ["+1 312 555 0123", "(312) 555-0123", "312.555.0123", "1-312-555-0123", "001 312 555 0123", "+13125550123"]
)
def test_a_telephone_is_the_same_however_it_is_written(text: str) -> None:
    assert phone_of(text, "US") == ("+13125550123", "")


@pytest.mark.parametrize("text", ["+44 20 7946 0123", "0044 20 7946 0123", "+44 (0)20 7946-0123", "+44.20.7946.0123"])
def test_a_telephone_abroad_is_the_same_however_it_is_written(text: str) -> None:
    assert phone_of(text, "US") == ("+442079460123", "")
    assert phone_of("020 7946 0123", "GB") == ("+442079460123", "")


def test_a_telephone_without_a_country_is_tried_where_the_person_is() -> None:
    assert phones_of("020 7946 0123", "US", "gb") == (("+442079460123", ""),)
    assert phones_of("(312) 555-0123", "US", "FI") == (("+13125550123", ""),)
    assert phones_of("020 7946 0123", "US", "Utopia") == ()


def test_an_extension_is_kept_apart() -> None:
    assert phones_of("312-555-0123 ext. 7; (312) 555-0199 x12", "US") == (("+13125550123", "7"), ("+13125550199", "12"))


@pytest.mark.parametrize("text", ["000-000-0000", "+1 000 000 0000", "n/a", "123", "+1 800 555 0123", "999-999-9999"])
def test_what_nobody_answers_is_no_telephone(text: str) -> None:
    assert phone_of(text, "US") is None


@pytest.mark.parametrize("text", ["Amber Bakeries", "Amber Bakeries, Inc.", "AMBERBAKERIES", "amber-bakeries L.L.C."])
def test_a_firm_is_the_same_however_it_is_written(text: str) -> None:
    assert firm_of(text) == "amberbakeries"


@pytest.mark.parametrize("text", ["Selbständig", "Consultant", "Not employed", "Homemaker", "to be determined"])
def test_who_names_no_firm_has_none(text: str) -> None:
    assert firm_of(text) == ""


def test_quotation_marks_are_no_part_of_a_firm() -> None:
    assert firm_of("ООО «Ромашка»") == firm_of("Ромашка")


def test_a_firm_of_nothing_but_a_legal_form_keeps_it() -> None:
    assert firm_of("The Limited Co") == "the"
    assert firm_of("Limited") == "limited"
    assert firm_of("n/a") == ""
    assert whole_firm_of("Ashby Boats GmbH") != whole_firm_of("Ashby Boats Ltd")


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("55 1234 5678", "MX", "+525512345678"),
        ("020 7946 0958", "UK", "+442079460958"),
        ("020 7946 0958", "United Kingdom", "+442079460958"),
        ("030 23125 100", "Deutschland", "+493023125100"),
        ("(312) 555-0123", "", "+13125550123"),
        ("(312) 555-0123", "Nowhere", "+13125550123"),
    ],
)
def test_the_records_own_country_comes_before_the_usual_one(written: str, country: str, number: str) -> None:
    assert phones_of(written, "US", country) == ((number, ""),)


@pytest.mark.parametrize(
    "written",
    (
        "Amber Bakeries|Amber Bakeries, Inc.|AMBER BAKERIES LLC|Amber Bakeries S.p.A.|Amber Bakeries GmbH & Co. KG|"
        "Amber Bakeries K.K.|ООО Amber Bakeries|株式会社 Amber Bakeries|Ann Lee dba Amber Bakeries|A/S Amber Bakeries"
    ).split("|"),
)
def test_a_firms_name_is_what_is_left_without_its_legal_form(written: str) -> None:
    assert firm_of(written) == "amberbakeries"


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (("", "", "Jane Doe, CFP"), "Jane Doe, CFP"),
        (("", "", "Fernsby, Ada"), "Ada Fernsby"),
        (("Ada", "Fernsby", "Fernsby, Ada"), "Ada Fernsby"),
        (("", "Fernsby", ""), "Fernsby"),
    ],
)
def test_a_name_is_shown_as_people_read_it(parts: tuple[str, str, str], shown: str) -> None:
    assert shown_name(*parts) == shown
