{#- One row for every landed record that stands for a firm. `own_record`: the system keeps firms as such. -#}
with nobody as (
    select
        cast(null as {{ column_type('text') }}) as record_id,
        cast(null as {{ column_type('text') }}) as source,
        cast(null as {{ column_type('text') }}) as name,
        cast(null as {{ column_type('text') }}) as domain,
        cast(null as {{ column_type('text') }}) as emails,
        cast(null as {{ column_type('flag') }}) as own_record,
        cast(null as {{ column_type('instant') }}) as created_at
)
{%- if uses('copper') %},

copper_company as ({{ landed('copper', 'company', {
    'id': 'text', 'name': 'text', 'email_domain': 'text', 'date_created': 'instant',
}) }})
{%- endif %}
{%- if uses('quickbooks') %},

customer as ({{ landed('quickbooks', 'customer', {
    'id': 'text', 'display_name': 'text', 'company_name': 'text', 'parent_customer_id': 'text', 'email': 'text',
    'created_at': 'instant',
}) }})
{%- endif %}
{%- if uses('basecamp') %},

project as ({{ landed('basecamp', 'project', {
    'client_company_id': 'text', 'client_company_name': 'text', 'created_at': 'instant',
}) }}),

person as ({{ landed('basecamp', 'person', {
    'client': 'flag', 'company_id': 'text', 'company_name': 'text', 'created_at': 'instant',
}) }}),

basecamp_company as (
    select client_company_id as id, client_company_name as name, created_at from project
    where client_company_id is not null
    union all
    select company_id as id, company_name as name, created_at from person
    where client and company_id is not null
)
{%- endif %}
{%- if uses('pandadoc') %},

contact as ({{ landed('pandadoc', 'contact', {'email': 'text', 'company': 'text'}) }})
{%- endif %}

select * from nobody where 1 = 0
{%- if uses('copper') %}
union all
select
    'copper:company:' || id, 'copper', name, lower(email_domain), cast(null as {{ column_type('text') }}), true,
    date_created
from copper_company
{%- endif %}
{%- if uses('quickbooks') %}
union all
select
    'quickbooks:customer:' || customer.id, 'quickbooks',
    coalesce(customer.company_name, parent.company_name, parent.display_name, customer.display_name),
    cast(null as {{ column_type('text') }}), customer.email, false, customer.created_at
from customer
left join customer as parent on parent.id = customer.parent_customer_id
{%- endif %}
{%- if uses('basecamp') %}
union all
select
    'basecamp:company:' || id, 'basecamp', max(name), cast(null as {{ column_type('text') }}),
    cast(null as {{ column_type('text') }}), false, min(created_at)
from basecamp_company
group by id
{%- endif %}
{%- if uses('pandadoc') %}
union all
select
    'pandadoc:company:' || lower(trim(company)), 'pandadoc', max(company), cast(null as {{ column_type('text') }}),
    {{ joined('distinct email', 'email', ';') }}, false, cast(null as {{ column_type('instant') }})
from contact
where coalesce(trim(company), '') <> ''
group by lower(trim(company))
{%- endif %}
