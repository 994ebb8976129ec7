{#- One row a firm, with what all systems know of it. -#}
with named as (
    select
        client_links.client_id,
        client_links.record_id,
        firm_source.source,
        nullif(trim(firm_source.name), '') as name,
        firm_source.domain,
        row_number() over (
            partition by client_links.client_id
            order by
                case when nullif(trim(firm_source.name), '') is null then 1 else 0 end,
                case when firm_source.own_record then 0 else 1 end,
                case firm_source.source when 'quickbooks' then 1 when 'basecamp' then 2 else 3 end,
                {{ binary('client_links.record_id') }}
        ) as name_rank
    from {{ ref('client_links') }} as client_links
    inner join {{ ref('firm_source') }} as firm_source on firm_source.record_id = client_links.record_id
),

firms as (
    select
        client_id,
        max(case when name_rank = 1 then name end) as name,
        max(domain) as domain,
        max(case when source = 'copper' then record_id end) as copper_record
    from named
    group by client_id
),

sources as (
    select client_id, {{ joined('name', 'name') }} as sources
    from (
        select distinct
            client_id,
            case source
                when 'quickbooks' then 'QuickBooks' when 'copper' then 'Copper' when 'basecamp' then 'Basecamp'
                when 'pandadoc' then 'PandaDoc'
            end as name
        from named
    ) as systems
    group by client_id
)
{%- if uses('copper') %},

company as ({{ landed('copper', 'company', {
    'id': 'text', 'assignee_id': 'text', 'address_city': 'text', 'address_country': 'text',
}) }}),

owner as ({{ landed('copper', 'user', {'id': 'text', 'name': 'text'}) }}),

phone as ({{ landed('copper', 'company_phone_number', {'company_id': 'text', 'position': 'whole', 'number': 'text'}) }}),

deals as (
    select
        client_id,
        sum(case when status = 'Open' then 1 else 0 end) as open_deals,
        sum(case when status = 'Open' then value_in_home_currency end) as open_deal_value,
        sum(case when status = 'Won' then value_in_home_currency end) as won_deal_value
    from {{ ref('deals') }}
    group by client_id
)
{%- endif %}
{%- if uses('quickbooks') %},

invoices as (
    select client_id, sum(open_in_home_currency) as open_balance, max(invoice_date) as last_invoiced_on
    from {{ ref('invoices') }}
    group by client_id
)
{%- endif %}
{%- if uses('basecamp') %},

projects as (
    select client_id, sum(case when status = 'active' then 1 else 0 end) as active_projects
    from {{ ref('projects') }}
    group by client_id
)
{%- endif %}
{%- if uses('pandadoc') %},

documents as (
    select client_id, sum(case when status in ('sent', 'viewed') then 1 else 0 end) as documents_out
    from {{ ref('documents') }}
    group by client_id
)
{%- endif %}

{#- What a source that is switched off would tell is empty, not nought. #}
select
    firms.client_id,
    coalesce(firms.name, firms.client_id) as client_name,
    firms.domain,
    {%- if uses('copper') %}
    owner.name as owner,
    phone.number as phone,
    nullif(trim(company.address_city), '') as city,
    nullif(trim(company.address_country), '') as country,
    cast(coalesce(deals.open_deals, 0) as {{ column_type('whole') }}) as open_deals,
    cast(deals.open_deal_value as {{ column_type('amount') }}) as open_deal_value,
    cast(deals.won_deal_value as {{ column_type('amount') }}) as won_deal_value,
    {%- else %}
    {%- for column in ['owner', 'phone', 'city', 'country'] %}
    cast(null as {{ column_type('text') }}) as {{ column }},
    {%- endfor %}
    cast(null as {{ column_type('whole') }}) as open_deals,
    cast(null as {{ column_type('amount') }}) as open_deal_value,
    cast(null as {{ column_type('amount') }}) as won_deal_value,
    {%- endif %}
    {%- if uses('quickbooks') %}
    cast(coalesce(invoices.open_balance, 0) as {{ column_type('amount') }}) as open_balance,
    invoices.last_invoiced_on,
    {%- else %}
    cast(null as {{ column_type('amount') }}) as open_balance,
    cast(null as {{ column_type('day') }}) as last_invoiced_on,
    {%- endif %}
    {{ 'cast(coalesce(projects.active_projects, 0) as ' ~ column_type('whole') ~ ')' if uses('basecamp') else
        'cast(null as ' ~ column_type('whole') ~ ')' }} as active_projects,
    {{ 'cast(coalesce(documents.documents_out, 0) as ' ~ column_type('whole') ~ ')' if uses('pandadoc') else
        'cast(null as ' ~ column_type('whole') ~ ')' }} as documents_out,
    sources.sources
from firms
inner join sources on sources.client_id = firms.client_id
{%- if uses('copper') %}
left join company on 'copper:company:' || company.id = firms.copper_record
left join owner on owner.id = company.assignee_id
left join phone on phone.company_id = company.id and phone.position = 0
left join deals on deals.client_id = firms.client_id
{%- endif %}
{%- if uses('quickbooks') %}
left join invoices on invoices.client_id = firms.client_id
{%- endif %}
{%- if uses('basecamp') %}
left join projects on projects.client_id = firms.client_id
{%- endif %}
{%- if uses('pandadoc') %}
left join documents on documents.client_id = firms.client_id
{%- endif %}
