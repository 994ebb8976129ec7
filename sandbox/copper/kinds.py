"""The kinds of records: paths, fields, and what a search of each accepts. copper.md 5 and 7."""

from dataclasses import dataclass

PAGING = "page_number page_size"
INTERACTION = """minimum_interaction_date maximum_interaction_date minimum_interaction_count maximum_interaction_count
    age followed fields"""
ANY_RECORD = f"""{PAGING} sort_by sort_direction minimum_modified_date maximum_modified_date minimum_created_date
    maximum_created_date ids assignee_ids tags custom_fields name"""
PLACE = "city state postal_code country"
MONEY = "minimum_monetary_value maximum_monetary_value"
NAMES = "name prefix first_name middle_name last_name suffix"
VALUE = "monetary_unit monetary_value converted_unit converted_value"
DATES = "date_created date_modified"


@dataclass(frozen=True)
class Kind:
    """`path` is the collection's name in addresses; `default_sort` is what an unsorted search roughly follows, `sorts`
    what may be asked for, `files` whether files are attached."""

    name: str
    path: str
    fields: tuple[str, ...]
    attributes: frozenset[str]
    default_sort: str
    sorts: frozenset[str]
    files: bool


def _kind(name: str, path: str, fields: str, attributes: str, sort: str, sorts: str, files: bool = True) -> Kind:
    known = (tuple(fields.split()), frozenset(attributes.split()))
    return Kind(name, path, *known, sort, frozenset(sorts.split()), files)


KINDS = {
    kind.name: kind
    for kind in (
        _kind(
            "person",
            "people",
            f"""{NAMES} address assignee_id company_id company_name contact_type_id details emails phone_numbers socials
            tags title websites custom_fields {DATES} date_last_contacted interaction_count leads_converted_from
            date_lead_created""",
            f"""{ANY_RECORD} {INTERACTION} {PLACE} socials phone_number phone_numbers emails title contact_type_ids
            company_ids opportunity_ids""",
            "first_name",
            "name first_name last_name title email phone date_modified date_created city state country zip",
        ),
        _kind(
            "company",
            "companies",
            f"""name address assignee_id contact_type_id details email_domain phone_numbers primary_contact_id socials
            tags websites custom_fields interaction_count {DATES}""",
            f"""{ANY_RECORD} {INTERACTION} {PLACE} socials phone_number email_domains primary_contact_ids
            contact_type_ids""",
            "date_modified",
            """name phone contact contact_first_name contact_last_name date_modified date_created email_domain city
            state country zip assignee contact_group last_interaction interaction_count primary_website""",
        ),
        _kind(
            "lead",
            "leads",
            f"""{NAMES} address assignee_id company_name customer_source_id details email interaction_count {VALUE}
            socials status status_id tags title websites phone_numbers custom_fields {DATES} date_last_contacted
            converted_opportunity_id converted_contact_id converted_at""",
            f"""{ANY_RECORD} {INTERACTION} {PLACE} {MONEY} {NAMES} socials phone_number emails status_ids
            customer_source_ids include_converted_leads""",
            "name",
            """name first_name last_name company_name title value email phone date_modified date_created city state
            country zip inactive_days""",
        ),
        _kind(
            "opportunity",
            "opportunities",
            f"""name assignee_id close_date company_id company_name customer_source_id details loss_reason_id
            pipeline_id pipeline_is_revenue pipeline_stage_id pipeline_type primary_contact_id priority status tags
            interaction_count {VALUE} win_probability date_stage_changed date_last_contacted leads_converted_from
            date_lead_created {DATES} custom_fields""",
            f"""{ANY_RECORD} {INTERACTION} {MONEY} status_ids statuses priorities pipeline_ids pipeline_stage_ids
            company_ids primary_contact_ids customer_source_ids loss_reason_ids minimum_win_probability
            maximum_win_probability minimum_close_date maximum_close_date""",
            "name",
            """name account company_name value assignee customer_source_id date_modified date_created contact stage
            status close_date source priority last_interaction interaction_count deal_last_stage win_probability""",
        ),
        _kind(
            "project",
            "projects",
            f"name related_resource assignee_id status details tags custom_fields {DATES}",
            f"{ANY_RECORD} statuses",
            "name",
            "name assigned_to related_to status date_modified date_created",
        ),
        _kind(
            "task",
            "tasks",
            f"""name related_resource assignee_id due_date reminder_date completed_date priority status details tags
            custom_fields custom_activity_type_id {DATES}""",
            f"{ANY_RECORD} opportunity_ids project_ids statuses priorities minimum_due_date maximum_due_date",
            "due_date",
            """name assigned_to related_to status priority due_date reminder_date completed_date date_created
            date_modified""",
            files=False,
        ),
        _kind(
            "activity",
            "activities",
            f"parent type user_id details activity_date old_value new_value {DATES}",
            f"{PAGING} parent activity_types user_ids minimum_activity_date maximum_activity_date full_result",
            "",
            "",
            files=False,
        ),
    )
}
RECORD_KINDS = tuple(name for name in KINDS if name != "activity")
BY_PATH = {kind.path: kind for kind in KINDS.values()}
LISTS = ("emails", "phone_numbers", "socials", "websites", "tags", "leads_converted_from")
LINK_NAMES = {
    "person": "people",
    "company": "organization",
    "lead": "lead",
    "opportunity": "opportunity",
    "project": "project",
}
LINK_TYPES = {**{type: kind for kind, type in LINK_NAMES.items()}, "person": "person", "company": "company"}
"""How /related_links may call a kind in `source_type`: as documented, and as a known client does."""
ONLY_LISTED = "custom_fields followed socials fields minimum_interaction_count maximum_interaction_count".split()
"""Attributes that the vendor knows and the sandbox does not play: refused, rather than accepted and ignored."""
