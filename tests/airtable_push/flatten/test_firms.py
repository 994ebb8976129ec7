"""The rules for firms: what joins two, and what does not."""

from airtable_push.flatten.identity.firms import MOST_DOMAINS_OF_A_NAME, Firm, decide
from airtable_push.flatten.identity.rows import firm_of_row


def test_a_name_with_many_web_domains_joins_those_of_one_domain_only() -> None:
    crowd = [Firm(f"a:{number}", "Practice", f"d{number}.example") for number in range(MOST_DOMAINS_OF_A_NAME + 1)]
    found = decide([*crowd, Firm("b:1", "Practice", "d1.example"), Firm("b:2", "Practice"), Firm("b:3", "Practice")])
    assert sorted(len(group.records) for group in found.groups) == [1] * (len(crowd) + 1) + [2]
    assert found.reviews == ()


def test_the_domain_of_a_provider_is_no_firms() -> None:
    for domain, email in (("gmail.com", ""), ("", "ann@comcast.net"), ("", "ann@yahoo.co.uk")):
        assert firm_of_row(("copper:company:1", "Lee Films", domain, email, True, "")).domain == ""
