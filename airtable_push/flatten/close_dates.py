"""What is told of Copper's close dates that are not certain: the model `close_dates` finds them."""

from airtable_push.database import Database

MOST_NAMED = 5
"""Deals that a message names before it only counts."""
WRITTEN = {"month_first": "month/day/year", "day_first": "day/month/year"}


def uncertain(database: Database, schema: str) -> list[str]:
    """A sentence for each kind of problem."""
    rows = list(
        database.rows(
            "select deal_id, written, date_order, problem from "
            f"{schema}.close_dates where problem is not null order by deal_id"
        )
    )
    undecided = [row for row in rows if row[3] != "no date"]
    unreadable = [f'{row[0]} ("{row[1]}")' for row in rows if row[3] == "no date"]
    told = []
    if undecided:
        told.append(
            f"WARNING: {len(undecided)} close dates of Copper may be another day: they were read as "
            f"{WRITTEN[undecided[0][2]]}, and the account's other dates do not show that this is right. Set "
            "AIRTABLE_PUSH_FLATTEN_CLOSE_DATES to month_first or day_first, as dates look in Copper"
        )
    if unreadable:
        named = ", ".join(unreadable[:MOST_NAMED]) + (", ..." if len(unreadable) > MOST_NAMED else "")
        told.append(f"WARNING: {len(unreadable)} close dates of Copper are no date and stay empty in Deals: {named}")
    return told
