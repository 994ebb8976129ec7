"""The kinds of records: paths, fields, and what a search of each accepts. copper.md 5 and 7."""

from dataclasses import dataclass


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PAGING = words("page_number page_size")
SORTING = words("sort_by sort_direction")
MODIFIED = words("minimum_modified_date maximum_modified_date")
CREATED = words("minimum_created_date maximum_created_date")
INTERACTION = words(
    "minimum_interaction_date maximum_interaction_date minimum_interaction_count maximum_interaction_count age followed"
)
ANY_RECORD = (*PAGING, *SORTING, *MODIFIED, *CREATED, *words("ids assignee_ids tags custom_fields name"))
PLACE = words("city state postal_code country")
MONEY = words("minimum_monetary_value maximum_monetary_value")
PARTS = words("prefix first_name middle_name last_name suffix")


@dataclass(frozen=True)
class Kind:
    """`path` is the collection's name in addresses; `default_sort` is what an unsorted search roughly follows."""

    name: str
    path: str
    fields: tuple[str, ...]
    attributes: frozenset[str]
    default_sort: str = ""
    sorts: frozenset[str] = frozenset()
    files: bool = False


def _kind(name: str, path: str, fields: str, attributes: tuple[str, ...], sort: str, sorts: str, files: bool) -> Kind:
    return Kind(name, path, words(fields), frozenset(attributes), sort, frozenset(words(sorts)), files)


KINDS = {
    kind.name: kind
    for kind in (
        _kind(
            "person",
            "people",
            "name prefix first_name middle_name last_name suffix address assignee_id company_id company_name "
            "contact_type_id details emails phone_numbers socials tags title websites custom_fields date_created "
            "date_modified date_last_contacted interaction_count leads_converted_from date_lead_created",
            (
                *ANY_RECORD,
                *INTERACTION,
                *PLACE,
                *words(
                    "phone_number phone_numbers emails title contact_type_ids "
                    "company_ids opportunity_ids socials fields"
                ),
            ),
            "first_name",
            "name first_name last_name title email phone date_modified date_created city state country zip",
            True,
        ),
        _kind(
            "company",
            "companies",
            "name address assignee_id contact_type_id details email_domain phone_numbers primary_contact_id socials "
            "tags websites custom_fields interaction_count date_created date_modified",
            (
                *ANY_RECORD,
                *INTERACTION,
                *PLACE,
                *words("phone_number email_domains primary_contact_ids contact_type_ids socials fields"),
            ),
            "date_modified",
            "name phone contact contact_first_name contact_last_name date_modified date_created email_domain city "
            "state country zip assignee contact_group last_interaction interaction_count primary_website",
            True,
        ),
        _kind(
            "lead",
            "leads",
            "name prefix first_name middle_name last_name suffix address assignee_id company_name customer_source_id "
            "details email interaction_count monetary_unit monetary_value converted_unit converted_value socials "
            "status status_id tags title websites phone_numbers custom_fields date_created date_modified "
            "date_last_contacted converted_opportunity_id converted_contact_id converted_at",
            (
                *ANY_RECORD,
                *INTERACTION,
                *PLACE,
                *MONEY,
                *PARTS,
                *words("phone_number emails status_ids customer_source_ids include_converted_leads socials fields"),
            ),
            "name",
            "name first_name last_name company_name title value email phone date_modified date_created city state "
            "country zip inactive_days",
            True,
        ),
        _kind(
            "opportunity",
            "opportunities",
            "name assignee_id close_date company_id company_name customer_source_id details loss_reason_id "
            "pipeline_id pipeline_is_revenue pipeline_stage_id pipeline_type primary_contact_id priority status tags "
            "interaction_count monetary_unit monetary_value converted_unit converted_value win_probability "
            "date_stage_changed date_last_contacted leads_converted_from date_lead_created date_created "
            "date_modified custom_fields",
            (
                *ANY_RECORD,
                *INTERACTION,
                *MONEY,
                *words(
                    "status_ids statuses priorities pipeline_ids "
                    "pipeline_stage_ids company_ids primary_contact_ids customer_source_ids loss_reason_ids "
                    "minimum_win_probability maximum_win_probability minimum_close_date maximum_close_date fields"
                ),
            ),
            "name",
            "name account company_name value assignee customer_source_id date_modified date_created contact stage "
            "status close_date source priority last_interaction interaction_count deal_last_stage win_probability",
            True,
        ),
        _kind(
            "project",
            "projects",
            "name related_resource assignee_id status details tags custom_fields date_created date_modified",
            (*ANY_RECORD, *words("statuses")),
            "name",
            "name assigned_to related_to status date_modified date_created",
            True,
        ),
        _kind(
            "task",
            "tasks",
            "name related_resource assignee_id due_date reminder_date completed_date priority status details tags "
            "custom_fields custom_activity_type_id date_created date_modified",
            (*ANY_RECORD, *words("opportunity_ids project_ids statuses priorities minimum_due_date maximum_due_date")),
            "due_date",
            "name assigned_to related_to status priority due_date reminder_date completed_date date_created "
            "date_modified",
            False,
        ),
        _kind(
            "activity",
            "activities",
            "parent type user_id details activity_date old_value new_value date_created date_modified",
            (*PAGING, *words("parent activity_types user_ids minimum_activity_date maximum_activity_date full_result")),
            "",
            "",
            False,
        ),
    )
}
RECORD_KINDS = tuple(name for name in KINDS if name != "activity")
BY_PATH = {kind.path: kind for kind in KINDS.values()}
LISTS = frozenset(words("emails phone_numbers socials websites tags leads_converted_from"))
LINK_TYPES = {
    "people": "person",
    "person": "person",
    "organization": "company",
    "company": "company",
    "lead": "lead",
    "opportunity": "opportunity",
    "project": "project",
}
"""How /related_links may call a kind in `source_type`: as documented, and as a known client does."""
LINK_NAMES = {
    "person": "people",
    "company": "organization",
    "lead": "lead",
    "opportunity": "opportunity",
    "project": "project",
}
ONLY_LISTED = frozenset(
    words("custom_fields followed socials fields minimum_interaction_count maximum_interaction_count")
)
"""Attributes that the vendor knows and the sandbox does not play: refused, rather than accepted and ignored."""
