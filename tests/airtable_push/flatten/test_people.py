"""The rules for people: what joins two records, and what does not."""

import pytest

from airtable_push.flatten.identity.groups import Grouped
from airtable_push.flatten.identity.normal import addresses_of, firm_of, name_of, phones_of
from airtable_push.flatten.identity.people import decide
from airtable_push.flatten.identity.records import Pair, Record, Sets


def record(id: str, whole: str = "", email: str = "", phone: str = "", firm: str = "", **more: object) -> Record:
    """`id` without a table is one of a `person` table."""
    full = id if id.count(":") == 2 else f"{id}:person:1" if ":" not in id else id.replace(":", ":person:")
    return Record(
        full,
        name_of("", "", whole),
        addresses_of(email),
        phones_of(phone, "US"),
        firm_of(firm),
        **more,  # type: ignore[arg-type]
    )


Pairs = tuple[tuple[str, str], ...]


def joined(*records: Record, same: Pairs = (), different: Pairs = ()) -> Grouped:
    return decide(records, same, different)


def people(*records: Record) -> int:
    return len(joined(*records).groups)


def reasons(*records: Record) -> list[str]:
    return [pair.reason for pair in decide(records).reviews]


def test_one_address_is_one_person_even_with_a_new_last_name() -> None:
    assert people(record("a", "Ada Fernsby", "ada@x.example"), record("b", "Ada Redfern", "ADA@x.example")) == 1


def test_one_address_with_another_last_name_and_another_telephone_is_a_shared_one() -> None:
    one = record("a", "Ada Fernsby", "ada@x.example", "312-555-0123")
    assert people(one, record("b", "Ada Redfern", "ada@x.example", "312-555-0199")) == 2
    assert people(one, record("b", "Ada Redfern", "ada@x.example", "312-555-0123")) == 1


def test_one_address_with_two_first_names_is_a_shared_one() -> None:
    ada, otto = record("a", "Ada Fernsby", "fernsbys@x.example"), record("b", "Otto Fernsby", "fernsbys@x.example")
    assert people(ada, otto) == 2
    assert people(ada, otto, record("c", "Ada Fernsby", "fernsbys@x.example")) == 2
    assert people(ada, otto, record("c", "A. Fernsby", "fernsbys@x.example"), record("d", "O. Fernsby")) == 4


def test_a_letter_at_the_end_makes_another_name_and_no_slip() -> None:
    for he, she in (
        ("Louis Fernsby", "Louise Fernsby"),
        ("Daniel Fernsby", "Daniela Fernsby"),
        ("Christian Fernsby", "Christina Fernsby"),
        ("Sasha Ivanov", "Sasha Ivanova"),
    ):
        assert people(record("a", he, "", "312-555-0123"), record("b", she, "", "312-555-0123")) == 2, she
    louis, louise = (record(id, f"{id} Fernsby", "fernsbys@x.example") for id in ("Louis", "Louise"))
    assert people(louis, louise) == 2


def test_two_families_with_one_end_are_two() -> None:
    one, other, third = (
        record(id, f"{last}, Juan", "", "312-555-0123")
        for id, last in (("a", "García López"), ("b", "Martínez López"), ("c", "Garcia Lopez"))
    )
    assert people(one, other) == 2
    assert people(one, other, third) == 2


def test_twins_and_couples_with_one_telephone_are_told_apart_by_their_addresses() -> None:
    for one, other in (("Jalen", "Jaylen"), ("Kirsten", "Kristen"), ("Sam", "Samantha")):
        first = record("a", f"{one} Fernsby", f"{one}@x.example", "312-555-0123")
        assert people(first, record("b", f"{other} Fernsby", f"{other}@y.example", "312-555-0123")) == 2, other
        assert people(first, record("b", f"{other} Fernsby", "", "312-555-0123")) == 1, other
    robert = record("a", "Robert Fernsby", "robert@x.example", "312-555-0123")
    assert people(robert, record("b", "Bob Fernsby", "bob@y.example", "312-555-0123")) == 1


def test_the_telephone_of_a_shop_joins_nobody() -> None:
    crowd = [record(f"a:{number}", "Walk In", "", "312-555-0123") for number in range(2_000)]
    assert people(*crowd) == 2_000
    assert reasons(*crowd) == []


def test_a_mailbox_of_a_task_needs_the_whole_name_too() -> None:
    ada = record("a", "Ada Fernsby", "info@x.example")
    assert people(ada, record("b", "Ada Fernsby", "info@x.example")) == 1
    assert people(ada, record("b", "Ada Redfern", "info@x.example")) == 2
    assert people(ada, record("b", "", "info@x.example")) == 2


def test_a_placeholder_joins_nobody() -> None:
    one, other = (record(id, f"Ada {last}", "n/a", "000-000-0000") for id, last in (("a", "Fernsby"), ("b", "Redfern")))
    assert people(one, other) == 2


def test_names_at_an_address_are_counted_not_records() -> None:
    crowd = [record(f"a:{number}", "Ada Fernsby", "ada@x.example") for number in range(21)]
    assert people(*crowd) == 1


def test_a_tag_needs_the_name_too() -> None:
    ada = record("a", "Ada Fernsby", "ada@x.example")
    assert people(ada, record("b", "Ada Fernsby", "ada+billing@x.example")) == 1
    assert people(ada, record("b", "Otto Redfern", "ada+billing@x.example")) == 2


def test_one_telephone_and_one_name_is_one_person() -> None:
    ada = record("a", "Robert Fernsby", "robert@x.example", "312-555-0123")
    for other in ("Robert Fernsby", "Fernsby, Bob", "R. Fernsby", "Robert Fernsbby", "Robert F."):
        assert people(ada, record("b", other, "", "+1 312 555 0123")) == 1, other


def test_one_telephone_is_not_one_person() -> None:
    ada = record("a", "Ada Fernsby", "", "312-555-0123")
    for other in ("Otto Fernsby", "Ada Redfern", "Lena Fernsby", "Leda Fernsby"):
        assert people(ada, record("b", other, "", "312-555-0123")) == 2, other
    assert people(record("a", "Lena Fernsby", "", "312-555-0123"), record("b", "Leda Fernsby", "", "312-555-0123")) == 2


def test_an_initial_that_fits_two_joins_neither() -> None:
    ada, amos = record("a", "Ada Fernsby", "", "312-555-0123"), record("b", "Amos Fernsby", "", "312-555-0123")
    assert people(ada, amos, record("c", "A. Fernsby", "", "312-555-0123")) == 3


def test_father_and_son_of_one_name_and_telephone_are_told_apart_by_the_suffix() -> None:
    senior, junior = (record(id, f"Otto Fernsby {id}.", "", "312-555-0123") for id in ("Sr", "Jr"))
    bare = record("c", "Otto Fernsby", "", "312-555-0123")
    assert people(senior, junior) == 2
    assert people(senior, junior, bare) == 3
    assert people(senior, junior, record("d", "Otto Fernsby Jr", "", "312-555-0123")) == 2


def test_two_extensions_are_two_telephones() -> None:
    one, other = (record(id, "Ada Fernsby", "", f"312-555-0123 x{id}") for id in "12")
    assert people(one, other) == 2


def test_a_telephone_of_many_names_joins_nobody() -> None:
    names = ("Ada", "Bela", "Cato", "Dagny", "Emil", "Flora")
    staff = [record(f"a:{first}", f"{first} Fernsby", "", "312-555-0123") for first in names]
    assert people(*staff, record("b", "Ada Fernsby", "", "312-555-0123")) == 7


def test_one_name_at_one_firm_is_one_person_if_nothing_speaks_against_it() -> None:
    ada = record("a", "Ada Fernsby", "ada@x.example", "312-555-0123", "Amber Bakeries")
    assert people(ada, record("b", "Ada Fernsby", firm="Amber Bakeries, Inc.")) == 1
    assert people(ada, record("b", "Ada Fernsby", firm="Basalt Bakeries")) == 2
    assert people(ada, record("b", "Ada F.", firm="Amber Bakeries")) == 2
    assert people(ada, record("b", "Ada Fernsby", "other@x.example", firm="Amber Bakeries")) == 2
    assert people(ada, record("b", "Ada Fernsby", "", "312-555-0199", "Amber Bakeries")) == 2


def test_of_two_of_one_name_at_one_firm_a_third_record_is_neither() -> None:
    one = record("a:1", "Ada Fernsby", "ada@x.example", firm="Amber")
    two = record("a:2", "Ada Fernsby", "ada2@x.example", firm="Amber")
    bare = record("b", "Ada Fernsby", firm="Amber")
    assert people(one, two, bare) == 3
    assert set(reasons(one, two, bare)) == {"other e-mail addresses", "another one of this name is there"}


def test_two_records_of_one_table_are_not_joined_by_name_and_firm() -> None:
    assert people(record("a:1", "Ada Fernsby", firm="Amber"), record("a:2", "Ada Fernsby", firm="Amber")) == 2


def test_a_slip_in_the_address_is_forgiven_where_name_and_firm_agree() -> None:
    right = record("a", "Ada Fernsby", "ada.fernsby@amber.example", firm="Amber")
    for wrong in (
        "ada.frensby@amber.example",
        "ada.fernby@amber.example",
        "ada.fernsbby@amber.example",
        "ada.fernsby@ambre.example",
    ):
        assert people(right, record("b", "Ada Fernsby", wrong, firm="Amber")) == 1, wrong


def test_two_of_one_name_have_addresses_that_are_no_slips() -> None:
    for one, other in (
        ("ada.fernsby", "ada.fernsby2"),
        ("fernsby.sr", "fernsby.jr"),
        ("afernsby", "amfernsby"),
        ("adafernsby", "adamfernsby"),
    ):
        ada = record("a", "Ada Fernsby", f"{one}@amber.example", firm="Amber")
        assert people(ada, record("b", "Ada Fernsby", f"{other}@amber.example", firm="Amber")) == 2, (one, other)


def test_what_the_system_itself_says_is_believed() -> None:
    lead = record("copper:lead:7", "Ada Fernsby", same_as=("copper:person:8",))
    assert people(lead, record("copper:person:8", "A. F.", "ada@x.example")) == 1


def test_a_chain_that_would_join_two_names_is_taken_apart() -> None:
    """An address joins the first two, a telephone the last two; the ends cannot be one person."""
    senior = record("a", "Otto Fernsby Sr.", "otto@x.example")
    between = record("b", "Otto Fernsby", "otto@x.example", "312-555-0123")
    junior = record("c", "Otto Fernsby Jr.", "", "312-555-0123")
    found = joined(senior, between, junior)
    assert [one.records for one in found.groups] == [(senior.id, between.id), (junior.id,)]
    assert all(one.doubtful for one in found.groups)
    assert [pair.reason for pair in found.reviews] == ["would join what cannot be one"]


def test_a_short_form_that_fits_two_joins_neither() -> None:
    box = "meyers@home.example"
    three = [
        record("copper", "Christopher Meyer", box),
        record("pandadoc", "Christine Meyer", box),
        record("basecamp", "Chris Meyer", box),
    ]
    assert people(*three) == 3
    found = joined(*three).reviews
    assert {frozenset((pair.one, pair.other)) for pair in found} == {
        frozenset((three[0].id, three[2].id)),
        frozenset((three[1].id, three[2].id)),
    }


def test_a_word_that_is_a_placeholder_as_a_whole_is_none_as_a_part() -> None:
    box = "hahnfamily@home.example"
    assert people(record("a", "Na Hahn", box), record("b", "Peter Hahn", box)) == 2
    assert record("a", "Na Li", "na@liworks.example").emails == ("na@liworks.example",)


def test_who_works_for_nobody_has_no_firm() -> None:
    for one, other in (("Self-employed", "Self Employed"), ("Freelance", "freelance"), ("n/a", "N/A")):
        assert people(record("a", "John Smith", firm=one), record("b", "John Smith", firm=other)) == 2


def test_a_last_name_alone_speaks_against_nobody_of_that_name() -> None:
    john = record("a", "John Smith", "john.smith@x.example")
    assert people(john, record("b", "Mr. Smith", "john.smith@x.example")) == 1
    bare = Record("c:person:1", name_of("", "Smith", "Smith"), ("john.smith@x.example",))
    assert people(john, bare) == 1
    assert bare.name.last == "smith" and not bare.name.first


def test_a_degree_behind_a_comma_is_no_first_name() -> None:
    jane = record("a", "Jane Doe", "jane@x.example")
    assert people(jane, record("b", "Jane Doe, CFP", "jane@x.example")) == 1


def test_letters_of_another_script_contradict_nobody() -> None:
    assert people(record("a", "Ivan Petrov", "ivan@x.example"), record("b", "Иван Петров", "ivan@x.example")) == 1


def test_at_ones_own_address_names_may_be_swapped_or_misspelt() -> None:
    ada = record("a", "Ada Fernsby", "ada.fernsby@x.example")
    for other in ("Fernsby Ada", "Ada Fernbsy", "Adda Fernsby", "Ada", "Fernsby"):
        assert people(ada, record("b", other, "ada.fernsby@x.example")) == 1, other
    assert people(ada, record("b", "Otto Fernsby", "ada.fernsby@x.example")) == 2


def test_an_unusual_mailbox_at_two_domains_is_one_persons_and_a_usual_one_is_not() -> None:
    one = record("a", "Ada Fernsby", "fern61ada@mailbox.example")
    assert people(one, record("b", "Ada Fernsby", "fern61ada@x.example")) == 1
    assert people(one, record("b", "Otto Fernsby", "fern61ada@x.example")) == 2
    usual = record("a", "Ada Fernsby", "ada.fernsby@amber.example")
    assert people(usual, record("b", "Ada Fernsby", "ada.fernsby@basalt.example")) == 2


def test_a_mailbox_at_a_misspelt_domain_is_one_unless_many_use_both() -> None:
    right = record("a", "Ada Fernsby", "ada.fernsby@amberbakeries.example")
    wrong = record("b", "Ada", "ada.fernsby@amberbakerise.example")
    assert people(right, wrong) == 1
    staff = [
        record(f"c:{number}", f"{first} Redfern", f"{first}.redfern@amberbaker{ending}.example".lower())
        for number, (first, ending) in enumerate((a, b) for a in ("Bela", "Cato") for b in ("ies", "ise"))
    ]
    assert people(right, wrong, *staff) == 6


def test_work_grows_with_the_records_and_not_with_the_square_of_a_group() -> None:
    """In calls, so that no clock is needed: pairs are as many as records."""
    crowd = [
        record(f"a:{number}", "Ada Fernsby", f"ada{number}@x.example", f"312-555-{1000 + number % 20}")
        for number in range(800)
    ]
    found = joined(*crowd)
    assert len(found.reviews) + sum(len(one.pairs) for one in found.groups) < 2 * len(crowd)


def test_a_decision_wins_over_every_rule() -> None:
    one, other = record("a", "Ada Fernsby", "ada@x.example"), record("b", "Ada Fernsby", "ada@x.example")
    third = record("c", "Otto Redfern")
    assert len(joined(one, other, different=((one.id, other.id),)).groups) == 2
    assert len(joined(one, other, third, same=((third.id, one.id),)).groups) == 1
    assert len(joined(one, third, same=((third.id, one.id), ("x:person:1", one.id))).groups) == 1


def test_a_decision_takes_apart_only_what_it_names() -> None:
    records = [record(id, "Ada Fernsby", "ada@x.example", "312-555-0123") for id in "abc"]
    found = joined(*records, different=((records[0].id, records[1].id),))
    assert sorted(len(one.records) for one in found.groups) == [1, 2]


def test_the_order_of_the_records_does_not_matter() -> None:
    records = [
        record("a:1", "Ada Fernsby", "ada@x.example", "312-555-0123", "Amber"),
        record("b:1", "A. Fernsby", "", "312-555-0123"),
        record("c:1", "Ada Redfern", "ada@x.example"),
        record("d:1", "Ada Fernsby", firm="Amber"),
        record("e:1", "Otto Fernsby"),
    ]
    orders = records, records[::-1], records[2:] + records[:2]
    found = [{one.records for one in joined(*order).groups} for order in orders]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 2


def test_a_pair_is_named_by_its_rule_and_what_shows_it() -> None:
    [one] = joined(record("a", "Ada Fernsby", "ada@x.example"), record("b", "Ada Fernsby", "ada@x.example")).groups
    assert one.pairs == (Pair("a:person:1", "b:person:1", "e-mail", "ada@x.example"),)


def test_two_middle_names_are_of_two_people() -> None:
    for one, other in (
        ("María José García", "María Luisa García"),
        ("Abdul Rahman Khan", "Abdul Aziz Khan"),
        ("John A. Smith", "John B. Smith"),
        ("Juan García López", "Juan Martínez López"),
    ):
        for shared in ({"email": "info@x.example"}, {"phone": "312-555-0123"}, {"firm": "Amber"}):
            assert people(record("a", one, **shared), record("b", other, **shared)) == 2, (one, shared)


def test_a_middle_name_may_be_missing_or_short_or_have_been_the_last_one() -> None:
    for one, other in (
        ("Ada Marie Fernsby", "Ada Fernsby"),
        ("Ada Marie Fernsby", "Ada M. Fernsby"),
        ("Ada Marie Fernsby", "Ada Fernsby Redfern"),
        ("Anne-Marie Fernsby", "Anne Marie Fernsby"),
        ("Abdul Rahman Khan", "Abdulrahman Khan"),
    ):
        assert people(record("a", one, "ada@x.example"), record("b", other, "ada@x.example")) == 1, other


def test_names_of_east_asia_are_told_apart_by_every_letter_and_begin_with_the_family() -> None:
    for one, other in (
        ("山田太郎", "山田花子"),
        ("山田 太郎", "山田 花子"),
        ("김민준", "김민서"),
        ("김 민준", "김 서연"),
        ("すずき たいき", "すずき だいき"),
    ):
        box = "family@x.example"
        assert people(record("a", one, box), record("b", other, box)) == 2, other
    assert people(record("a", "山田 太郎", "", "312-555-0123"), record("b", "山田太郎", "", "312-555-0123")) == 1


def test_a_sign_of_a_vowel_makes_another_name() -> None:
    ram, rama = (record(id, f"{name} शर्मा", firm="Amber") for id, name in (("a", "राम"), ("b", "रमा")))
    assert people(ram, rama) == 2


def test_another_last_name_is_a_new_one_only_where_the_address_has_the_first() -> None:
    for one, other in (("Kim Min-jun", "Kim Seo-yeon"), ("Иванов Иван", "Иванов Пётр"), ("Ada Lopez", "Ada Perez")):
        assert people(record("a", one, "director@x.example"), record("b", other, "director@x.example")) == 2, other
    two = (record(last, f"Ada {last}", f"ada@x.example; {last}@y.example") for last in ("Lopez", "Perez"))
    assert people(*two) == 2


def test_at_an_address_of_a_family_names_that_nearly_agree_are_two() -> None:
    for one, other in (("Marina", "Martina"), ("Chris", "Christine"), ("Pat", "Patricia")):
        for box in ("rossi", "rossifamily", "therossis"):
            two = (record(id, f"{first} Rossi", f"{box}@home.example") for id, first in (("a", one), ("b", other)))
            assert people(*two) == 2, (one, box)


def test_senior_and_junior_are_told_in_other_languages_too() -> None:
    for one, other in (("Hans Müller sen.", "Hans Müller jun."), ("José Silva Filho", "José Silva Neto")):
        assert people(record("a", one, "silva@x.example"), record("b", other, "silva@x.example")) == 2, one


def test_a_mailbox_of_a_crowd_is_nobodys() -> None:
    names = [f"{a}{b}la {a}{b}smann" for a in "BCDFGHK" for b in "aeiouy"]
    crowd = [record(f"a:{name}", name, "till@x.example") for name in names]
    assert people(
        *crowd, record("b", "Ada Fernsby", "till@x.example"), record("c", "Ada Fernsby", "till@x.example")
    ) == (len(crowd) + 2)


def test_two_of_one_name_at_the_mailbox_of_a_task_are_told_apart_by_their_own() -> None:
    one, other = (record(id, "Ada Fernsby", f"info@x.example; fernsby{id}@x.example") for id in ("a", "b"))
    assert people(one, other) == 2
    assert reasons(one, other) == ["other e-mail addresses"]


def test_a_mailbox_without_a_number_or_with_one_that_counts_is_usual() -> None:
    for local in ("treasurer", "churchoffice", "gerencia", "jsmith01", "johnsmith11"):
        one, other = (record(id, "John Smith", f"{local}@{id}.example") for id in ("amber", "basalt"))
        assert people(one, other) == 2, local


def test_domains_of_providers_and_of_two_countries_are_no_slips() -> None:
    for one, other in (
        ("ymail.com", "email.com"),
        ("yahoo.com.ar", "yahoo.com.br"),
        ("hotmail.es", "hotmail.se"),
        ("amberlake.de", "amberlake.dk"),
    ):
        two = (record(id, "Ada Fernsby", f"ada.fernsby@{domain}") for id, domain in (("a", one), ("b", other)))
        assert people(*two) == 2, one


def test_first_names_of_two_are_no_short_forms_and_spellings_of_one_are() -> None:
    def of_one_phone(one: str, other: str) -> int:
        return people(*(record(id, f"{first} Rossi", "", "312-555-0123") for id, first in (("a", one), ("b", other))))

    for one, other in (("Jane", "Jean"), ("Mary", "Marie"), ("Hannah", "Anna"), ("Ellen", "Helen")):
        assert of_one_phone(one, other) == 2, one
    for one, other in (("Catherine", "Katherine"), ("Ann", "Anne"), ("Philip", "Phillip"), ("Mohammed", "Muhammad")):
        assert of_one_phone(one, other) == 1, one


def test_one_of_two_last_names_is_enough_with_a_telephone() -> None:
    for last in ("Fernsby", "Redfern"):
        two = (record(id, f"Ada {each}", "", "312-555-0123") for id, each in (("a", "Fernsby-Redfern"), ("b", last)))
        assert people(*two) == 1, last


def test_one_of_two_last_names_is_not_enough_at_the_mailbox_of_a_task() -> None:
    for last in ("Fernsby", "Redfern"):
        two = [record(id, f"Ada {each}", "info@x.example") for id, each in (("a", "Fernsby-Redfern"), ("b", last))]
        assert people(*two) == 2, last
        assert reasons(*two) == ["a shared address, and the names do not tell"]


def test_work_grows_with_the_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """In calls, so that no clock is needed."""
    calls = 0
    top = Sets.top

    def counted(self: Sets, id: str) -> str:
        nonlocal calls
        calls += 1
        return top(self, id)

    monkeypatch.setattr(Sets, "top", counted)

    def cost(pairs: int) -> int:
        nonlocal calls
        calls = 0
        records = [record(f"a:{number}", "Ada Fernsby", f"ada{number // 2}x@x.example") for number in range(2 * pairs)]
        ids = [one.id for one in records]
        joined(*records, different=tuple(zip(ids[::2], ids[1::2], strict=True)))
        return calls

    assert cost(200) < 3 * cost(100)
