{#- One row a person. Each value comes from the first system that has one, in the order Copper, QuickBooks, PandaDoc,
    Basecamp (job titles and places: Copper, PandaDoc, Basecamp, QuickBooks); within a system from the record that
    changed last. A personal address is preferred to a shared one, a whole name to one with initials, and what has a
    normal form to what has none. -#}
{%- set orders = {
    'full_name': ['copper', 'quickbooks', 'pandadoc', 'basecamp'],
    'email': ['copper', 'pandadoc', 'basecamp', 'quickbooks'],
    'phone': ['copper', 'quickbooks', 'pandadoc', 'basecamp'],
    'title': ['copper', 'pandadoc', 'basecamp', 'quickbooks'],
    'company': ['copper', 'quickbooks', 'pandadoc', 'basecamp'],
    'client_id': ['copper', 'quickbooks', 'pandadoc', 'basecamp'],
    'city': ['copper', 'pandadoc', 'quickbooks', 'basecamp'],
    'country': ['copper', 'pandadoc', 'quickbooks', 'basecamp'],
} -%}
with records as (
    select
        contact_links.contact_id,
        contact_links.record_id,
        contact_links.rule,
        contact_links.evidence,
        contact_links.needs_review,
        contact_source.source,
        contact_source.relationship,
        contact_source.updated_at,
        contact_identity.shown_name as full_name,
        case
            when length(contact_identity.first_name) > 1 and length(contact_identity.last_name) > 1 then 0 else 1
        end as initials,
        contact_identity.shown_email as email,
        case
            when contact_identity.email is not null then 0 when contact_identity.role_email is not null then 1 else 2
        end as shared_address,
        contact_identity.shown_phone as phone,
        case when contact_identity.phone is null then 1 else 0 end as unusual_phone,
        nullif(trim(contact_source.title), '') as title,
        nullif(trim(contact_source.company), '') as company,
        client_links.client_id,
        nullif(trim(contact_source.city), '') as city,
        nullif(trim(contact_source.country), '') as country
    from {{ ref('contact_links') }} as contact_links
    inner join {{ ref('contact_source') }} as contact_source on contact_source.record_id = contact_links.record_id
    inner join {{ ref('contact_identity') }} as contact_identity
        on contact_identity.record_id = contact_links.record_id
    left join {{ ref('client_links') }} as client_links on client_links.record_id = contact_source.firm_record
),

ranked as (
    select
        records.*,
        {%- for column, order in orders.items() %}
        row_number() over (
            partition by contact_id
            order by
                case when {{ column }} is null then 1 else 0 end,
                {%- if column == 'full_name' %}
                initials,
                {%- elif column == 'email' %}
                shared_address,
                {%- elif column == 'phone' %}
                unusual_phone,
                {%- endif %}
                case source
                {%- for name in order %} when '{{ name }}' then {{ loop.index }}{% endfor %} end,
                case when updated_at is null then 1 else 0 end, updated_at desc, {{ binary('record_id') }}
        ) as {{ column }}_rank{{ ',' if not loop.last }}
        {%- endfor %}
    from records
),

sources as (
    select contact_id, {{ joined('name', 'name') }} as sources
    from (
        select distinct
            contact_id,
            case source
                when 'quickbooks' then 'QuickBooks' when 'copper' then 'Copper' when 'basecamp' then 'Basecamp'
                when 'pandadoc' then 'PandaDoc'
            end as name
        from records
    ) as named
    group by contact_id
),

reasons as (
    select contact_id, {{ joined('reason', binary('reason'), '; ') }} as matched_by
    from (
        select distinct contact_id, rule || coalesce(' ' || evidence, '') as reason
        from records
        where evidence is not null
    ) as told
    group by contact_id
),

{%- for name in ['quickbooks', 'copper', 'basecamp', 'pandadoc'] %}

{{ name }}_ids as (
    select contact_id, {{ joined('id', binary('id')) }} as ids
    from (
        select contact_id, substring(record_id, {{ name | length + 2 }}) as id from records where source = '{{ name }}'
    ) as own
    group by contact_id
){{ ',' if not loop.last }}
{%- endfor %},

people as (
    select
        contact_id,
        {%- for column in orders %}
        max(case when {{ column }}_rank = 1 then {{ column }} end) as {{ column }},
        {%- endfor %}
        min(case relationship
            when 'Team' then 1 when 'Client' then 2 when 'Vendor' then 3 when 'Contact' then 4 else 5
        end) as relationship_rank,
        {{ dbt.bool_or('needs_review') }} as needs_review,
        count(*) as records
    from ranked
    group by contact_id
)

select
    people.contact_id,
    coalesce(people.full_name, people.email, people.phone, people.contact_id) as contact_name,
    people.email,
    people.phone,
    people.title,
    people.company,
    people.client_id,
    people.city,
    people.country,
    case people.relationship_rank
        when 1 then 'Team' when 2 then 'Client' when 3 then 'Vendor' when 4 then 'Contact' else 'Lead'
    end as relationship,
    sources.sources,
    reasons.matched_by,
    people.needs_review,
    people.records,
    quickbooks_ids.ids as quickbooks_ids,
    copper_ids.ids as copper_ids,
    basecamp_ids.ids as basecamp_ids,
    pandadoc_ids.ids as pandadoc_ids
from people
inner join sources on sources.contact_id = people.contact_id
left join reasons on reasons.contact_id = people.contact_id
{%- for name in ['quickbooks', 'copper', 'basecamp', 'pandadoc'] %}
left join {{ name }}_ids on {{ name }}_ids.contact_id = people.contact_id
{%- endfor %}
