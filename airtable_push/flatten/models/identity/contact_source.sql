{#- One row for every landed record that stands for a person, as its system has it. -#}
{%- set columns = [
    'record_id', 'source', 'full_name', 'first_name', 'last_name', 'suffix', 'emails', 'phones', 'company',
    'firm_record', 'title', 'city', 'country', 'relationship', 'same_as', 'created_at', 'updated_at',
] -%}
{%- set parts = [] -%}
{%- if uses('copper') -%}{%- do parts.extend(['copper_person', 'copper_lead', 'copper_user']) -%}{%- endif -%}
{%- if uses('quickbooks') -%}
    {%- do parts.extend(['quickbooks_customer', 'quickbooks_vendor', 'quickbooks_employee']) -%}
{%- endif -%}
{%- if uses('basecamp') -%}{%- do parts.append('basecamp_person') -%}{%- endif -%}
{%- if uses('pandadoc') -%}{%- do parts.extend(['pandadoc_contact', 'pandadoc_member', 'pandadoc_user']) -%}{%- endif %}
with nobody as (
    select {% for column in columns %}
        cast(null as {{ column_type('instant' if column in ('created_at', 'updated_at') else 'text') }}) as {{ column }}
        {{- ',' if not loop.last }}
    {%- endfor %}
)
{%- if uses('copper') %},

person as ({{ landed('copper', 'person', {
    'id': 'text', 'name': 'text', 'first_name': 'text', 'last_name': 'text', 'suffix': 'text', 'company_id': 'text',
    'company_name': 'text', 'title': 'text', 'address_city': 'text', 'address_country': 'text',
    'date_created': 'instant', 'date_modified': 'instant',
}) }}),

person_email as ({{ landed('copper', 'person_email', {
    'person_id': 'text', 'position': 'whole', 'email': 'text',
}) }}),

person_emails as (
    select person_id, {{ joined('email', 'position', ';') }} as emails from person_email group by person_id
),

person_phone as ({{ landed('copper', 'person_phone_number', {
    'person_id': 'text', 'position': 'whole', 'number': 'text',
}) }}),

person_phones as (
    select person_id, {{ joined('number', 'position', ';') }} as phones from person_phone group by person_id
),

copper_person as (
    select
        'copper:person:' || person.id as record_id,
        'copper' as source,
        person.name as full_name,
        person.first_name,
        person.last_name,
        person.suffix,
        person_emails.emails,
        person_phones.phones,
        person.company_name as company,
        'copper:company:' || person.company_id as firm_record,
        person.title,
        person.address_city as city,
        person.address_country as country,
        'Contact' as relationship,
        cast(null as {{ column_type('text') }}) as same_as,
        person.date_created as created_at,
        person.date_modified as updated_at
    from person
    left join person_emails on person_emails.person_id = person.id
    left join person_phones on person_phones.person_id = person.id
),

lead as ({{ landed('copper', 'lead', {
    'id': 'text', 'name': 'text', 'first_name': 'text', 'last_name': 'text', 'suffix': 'text', 'company_name': 'text',
    'email_email': 'text', 'title': 'text', 'address_city': 'text', 'address_country': 'text',
    'converted_contact_id': 'text', 'date_created': 'instant', 'date_modified': 'instant',
}) }}),

lead_phone as ({{ landed('copper', 'lead_phone_number', {
    'lead_id': 'text', 'position': 'whole', 'number': 'text',
}) }}),

lead_phones as (
    select lead_id, {{ joined('number', 'position', ';') }} as phones from lead_phone group by lead_id
),

copper_lead as (
    select
        'copper:lead:' || lead.id as record_id,
        'copper' as source,
        lead.name as full_name,
        lead.first_name,
        lead.last_name,
        lead.suffix,
        lead.email_email as emails,
        lead_phones.phones,
        lead.company_name as company,
        cast(null as {{ column_type('text') }}) as firm_record,
        lead.title,
        lead.address_city as city,
        lead.address_country as country,
        'Lead' as relationship,
        'copper:person:' || lead.converted_contact_id as same_as,
        lead.date_created as created_at,
        lead.date_modified as updated_at
    from lead
    left join lead_phones on lead_phones.lead_id = lead.id
),

copper_account_user as ({{ landed('copper', 'user', {'id': 'text', 'name': 'text', 'email': 'text'}) }}),

copper_user as (
    select
        'copper:user:' || id as record_id,
        'copper' as source,
        name as full_name,
        cast(null as {{ column_type('text') }}) as first_name,
        cast(null as {{ column_type('text') }}) as last_name,
        cast(null as {{ column_type('text') }}) as suffix,
        email as emails,
        cast(null as {{ column_type('text') }}) as phones,
        cast(null as {{ column_type('text') }}) as company,
        cast(null as {{ column_type('text') }}) as firm_record,
        cast(null as {{ column_type('text') }}) as title,
        cast(null as {{ column_type('text') }}) as city,
        cast(null as {{ column_type('text') }}) as country,
        'Team' as relationship,
        cast(null as {{ column_type('text') }}) as same_as,
        cast(null as {{ column_type('instant') }}) as created_at,
        cast(null as {{ column_type('instant') }}) as updated_at
    from copper_account_user
)
{%- endif %}
{%- if uses('quickbooks') %},

address as ({{ landed('quickbooks', 'address', {'id': 'text', 'city': 'text', 'country': 'text'}) }}),

customer as ({{ landed('quickbooks', 'customer', {
    'id': 'text', 'display_name': 'text', 'given_name': 'text', 'family_name': 'text', 'suffix': 'text',
    'email': 'text', 'phone_number': 'text', 'mobile_number': 'text', 'alternate_phone_number': 'text',
    'company_name': 'text', 'parent_customer_id': 'text', 'bill_address_id': 'text', 'created_at': 'instant',
    'updated_at': 'instant',
}) }}),

{#- A customer with a person's name is a person; the others are firms. -#}
quickbooks_customer as (
    select
        'quickbooks:customer:' || customer.id as record_id,
        'quickbooks' as source,
        customer.display_name as full_name,
        customer.given_name as first_name,
        customer.family_name as last_name,
        customer.suffix,
        customer.email as emails,
        {{ phones('customer.mobile_number', 'customer.phone_number', 'customer.alternate_phone_number') }} as phones,
        coalesce(customer.company_name, parent.company_name, parent.display_name) as company,
        'quickbooks:customer:' || customer.id as firm_record,
        cast(null as {{ column_type('text') }}) as title,
        address.city,
        address.country,
        'Client' as relationship,
        cast(null as {{ column_type('text') }}) as same_as,
        customer.created_at,
        customer.updated_at
    from customer
    left join customer as parent on parent.id = customer.parent_customer_id
    left join address on address.id = customer.bill_address_id
    where coalesce(customer.given_name, '') <> '' or coalesce(customer.family_name, '') <> ''
),

vendor as ({{ landed('quickbooks', 'vendor', {
    'id': 'text', 'display_name': 'text', 'given_name': 'text', 'family_name': 'text', 'suffix': 'text',
    'email': 'text', 'primary_phone': 'text', 'mobile_phone': 'text', 'alternate_phone': 'text',
    'company_name': 'text', 'billing_address_id': 'text', 'created_at': 'instant', 'updated_at': 'instant',
}) }}),

quickbooks_vendor as (
    select
        'quickbooks:vendor:' || vendor.id as record_id,
        'quickbooks' as source,
        vendor.display_name as full_name,
        vendor.given_name as first_name,
        vendor.family_name as last_name,
        vendor.suffix,
        vendor.email as emails,
        {{ phones('vendor.mobile_phone', 'vendor.primary_phone', 'vendor.alternate_phone') }} as phones,
        vendor.company_name as company,
        cast(null as {{ column_type('text') }}) as firm_record,
        cast(null as {{ column_type('text') }}) as title,
        address.city,
        address.country,
        'Vendor' as relationship,
        cast(null as {{ column_type('text') }}) as same_as,
        vendor.created_at,
        vendor.updated_at
    from vendor
    left join address on address.id = vendor.billing_address_id
    where coalesce(vendor.given_name, '') <> '' or coalesce(vendor.family_name, '') <> ''
),

employee as ({{ landed('quickbooks', 'employee', {
    'id': 'text', 'display_name': 'text', 'given_name': 'text', 'family_name': 'text', 'suffix': 'text',
    'email': 'text', 'primary_phone': 'text', 'mobile_phone': 'text', 'created_at': 'instant',
    'updated_at': 'instant',
}) }}),

quickbooks_employee as (
    select
        'quickbooks:employee:' || id as record_id,
        'quickbooks' as source,
        display_name as full_name,
        given_name as first_name,
        family_name as last_name,
        suffix,
        email as emails,
        {{ phones('mobile_phone', 'primary_phone') }} as phones,
        cast(null as {{ column_type('text') }}) as company,
        cast(null as {{ column_type('text') }}) as firm_record,
        cast(null as {{ column_type('text') }}) as title,
        cast(null as {{ column_type('text') }}) as city,
        cast(null as {{ column_type('text') }}) as country,
        'Team' as relationship,
        cast(null as {{ column_type('text') }}) as same_as,
        created_at,
        updated_at
    from employee
)
{%- endif %}
{%- if uses('basecamp') %},

basecamp_account_person as ({{ landed('basecamp', 'person', {
    'id': 'text', 'name': 'text', 'personable_type': 'text', 'email_address': 'text', 'title': 'text',
    'location': 'text', 'client': 'flag', 'employee': 'flag', 'company_id': 'text', 'company_name': 'text',
    'created_at': 'instant', 'updated_at': 'instant',
}) }}),

{#- The other types are programs, samples and what is left of people who have left. basecamp.md 6. -#}
basecamp_person as (
    select
        'basecamp:person:' || id as record_id,
        'basecamp' as source,
        name as full_name,
        cast(null as {{ column_type('text') }}) as first_name,
        cast(null as {{ column_type('text') }}) as last_name,
        cast(null as {{ column_type('text') }}) as suffix,
        email_address as emails,
        cast(null as {{ column_type('text') }}) as phones,
        company_name as company,
        case when client then 'basecamp:company:' || company_id end as firm_record,
        title,
        location as city,
        cast(null as {{ column_type('text') }}) as country,
        case
            when client or personable_type = 'Client' then 'Client'
            when personable_type = 'Outsider' then 'Contact'
            else 'Team'
        end as relationship,
        cast(null as {{ column_type('text') }}) as same_as,
        created_at,
        updated_at
    from basecamp_account_person
    where personable_type in ('User', 'Client', 'Outsider')
)
{%- endif %}
{%- if uses('pandadoc') %},

contact as ({{ landed('pandadoc', 'contact', {
    'id': 'text', 'email': 'text', 'first_name': 'text', 'last_name': 'text', 'company': 'text', 'job_title': 'text',
    'phone': 'text', 'city': 'text', 'country': 'text',
}) }}),

pandadoc_contact as (
    select
        'pandadoc:contact:' || id as record_id,
        'pandadoc' as source,
        trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) as full_name,
        first_name,
        last_name,
        cast(null as {{ column_type('text') }}) as suffix,
        email as emails,
        phone as phones,
        company,
        'pandadoc:company:' || lower(trim(nullif(company, ''))) as firm_record,
        job_title as title,
        city,
        country,
        'Contact' as relationship,
        cast(null as {{ column_type('text') }}) as same_as,
        cast(null as {{ column_type('instant') }}) as created_at,
        cast(null as {{ column_type('instant') }}) as updated_at
    from contact
),

member as ({{ landed('pandadoc', 'member', {
    'membership_id': 'text', 'user_id': 'text', 'email': 'text', 'first_name': 'text', 'last_name': 'text',
    'date_created': 'instant', 'date_modified': 'instant',
}) }}),

pandadoc_member as (
    select
        'pandadoc:member:' || membership_id as record_id,
        'pandadoc' as source,
        trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) as full_name,
        first_name,
        last_name,
        cast(null as {{ column_type('text') }}) as suffix,
        email as emails,
        cast(null as {{ column_type('text') }}) as phones,
        cast(null as {{ column_type('text') }}) as company,
        cast(null as {{ column_type('text') }}) as firm_record,
        cast(null as {{ column_type('text') }}) as title,
        cast(null as {{ column_type('text') }}) as city,
        cast(null as {{ column_type('text') }}) as country,
        'Team' as relationship,
        'pandadoc:user:' || user_id as same_as,
        date_created as created_at,
        date_modified as updated_at
    from member
),

organization_user as ({{ landed('pandadoc', 'user', {
    'user_id': 'text', 'email': 'text', 'first_name': 'text', 'last_name': 'text', 'phone_number': 'text',
}) }}),

pandadoc_user as (
    select
        'pandadoc:user:' || user_id as record_id,
        'pandadoc' as source,
        trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) as full_name,
        first_name,
        last_name,
        cast(null as {{ column_type('text') }}) as suffix,
        email as emails,
        phone_number as phones,
        cast(null as {{ column_type('text') }}) as company,
        cast(null as {{ column_type('text') }}) as firm_record,
        cast(null as {{ column_type('text') }}) as title,
        cast(null as {{ column_type('text') }}) as city,
        cast(null as {{ column_type('text') }}) as country,
        'Team' as relationship,
        cast(null as {{ column_type('text') }}) as same_as,
        cast(null as {{ column_type('instant') }}) as created_at,
        cast(null as {{ column_type('instant') }}) as updated_at
    from organization_user
)
{%- endif %}

select * from nobody where 1 = 0
{%- for part in parts %}
union all
select {{ columns | join(', ') }} from {{ part }}
{%- endfor %}
