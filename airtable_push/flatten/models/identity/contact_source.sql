{#- One row for every landed record that stands for a person, as its system has it. -#}
{%- set parts = [] -%}
{%- if uses('copper') -%}{%- do parts.extend(['copper_person', 'copper_lead', 'copper_user']) -%}{%- endif -%}
{%- if uses('quickbooks') -%}
    {%- do parts.extend(['quickbooks_customer', 'quickbooks_vendor', 'quickbooks_employee']) -%}
{%- endif -%}
{%- if uses('basecamp') -%}{%- do parts.append('basecamp_person') -%}{%- endif -%}
{%- if uses('pandadoc') -%}{%- do parts.extend(['pandadoc_contact', 'pandadoc_member', 'pandadoc_user']) -%}{%- endif %}
with nobody as (
    select {{- contact_record({}) }}
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
    select {{- contact_record({
        'record_id': "'copper:person:' || person.id", 'source': "'copper'", 'full_name': "person.name",
        'first_name': "person.first_name", 'last_name': "person.last_name", 'suffix': "person.suffix",
        'emails': "person_emails.emails", 'phones': "person_phones.phones", 'company': "person.company_name",
        'firm_record': "'copper:company:' || person.company_id", 'title': "person.title",
        'city': "person.address_city", 'country': "person.address_country", 'relationship': "'Contact'",
        'created_at': "person.date_created", 'updated_at': "person.date_modified",
    }) }}
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
    select {{- contact_record({
        'record_id': "'copper:lead:' || lead.id", 'source': "'copper'", 'full_name': "lead.name",
        'first_name': "lead.first_name", 'last_name': "lead.last_name", 'suffix': "lead.suffix",
        'emails': "lead.email_email", 'phones': "lead_phones.phones", 'company': "lead.company_name",
        'title': "lead.title", 'city': "lead.address_city", 'country': "lead.address_country",
        'relationship': "'Lead'", 'same_as': "'copper:person:' || lead.converted_contact_id",
        'created_at': "lead.date_created", 'updated_at': "lead.date_modified",
    }) }}
    from lead
    left join lead_phones on lead_phones.lead_id = lead.id
),

copper_account_user as ({{ landed('copper', 'user', {'id': 'text', 'name': 'text', 'email': 'text'}) }}),

copper_user as (
    select {{- contact_record({
        'record_id': "'copper:user:' || id", 'source': "'copper'", 'full_name': "name", 'emails': "email",
        'relationship': "'Team'",
    }) }}
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
    select {{- contact_record({
        'record_id': "'quickbooks:customer:' || customer.id", 'source': "'quickbooks'",
        'full_name': "customer.display_name", 'first_name': "customer.given_name",
        'last_name': "customer.family_name", 'suffix': "customer.suffix", 'emails': "customer.email",
        'phones': phones('customer.mobile_number', 'customer.phone_number', 'customer.alternate_phone_number'),
        'company': "coalesce(customer.company_name, parent.company_name, parent.display_name)",
        'firm_record': "'quickbooks:customer:' || customer.id", 'city': "address.city", 'country': "address.country",
        'relationship': "'Client'", 'created_at': "customer.created_at", 'updated_at': "customer.updated_at",
    }) }}
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
    select {{- contact_record({
        'record_id': "'quickbooks:vendor:' || vendor.id", 'source': "'quickbooks'",
        'full_name': "vendor.display_name", 'first_name': "vendor.given_name", 'last_name': "vendor.family_name",
        'suffix': "vendor.suffix", 'emails': "vendor.email",
        'phones': phones('vendor.mobile_phone', 'vendor.primary_phone', 'vendor.alternate_phone'),
        'company': "vendor.company_name", 'city': "address.city", 'country': "address.country",
        'relationship': "'Vendor'", 'created_at': "vendor.created_at", 'updated_at': "vendor.updated_at",
    }) }}
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
    select {{- contact_record({
        'record_id': "'quickbooks:employee:' || id", 'source': "'quickbooks'", 'full_name': "display_name",
        'first_name': "given_name", 'last_name': "family_name", 'suffix': "suffix", 'emails': "email",
        'phones': phones('mobile_phone', 'primary_phone'), 'relationship': "'Team'", 'created_at': "created_at",
        'updated_at': "updated_at",
    }) }}
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
    select {{- contact_record({
        'record_id': "'basecamp:person:' || id", 'source': "'basecamp'", 'full_name': "name",
        'emails': "email_address", 'company': "company_name",
        'firm_record': "case when client then 'basecamp:company:' || company_id end", 'title': "title",
        'city': "location",
        'relationship': "case when client or personable_type = 'Client' then 'Client' "
            ~ "when personable_type = 'Outsider' then 'Contact' else 'Team' end",
        'created_at': "created_at", 'updated_at': "updated_at",
    }) }}
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
    select {{- contact_record({
        'record_id': "'pandadoc:contact:' || id", 'source': "'pandadoc'",
        'full_name': "trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))", 'first_name': "first_name",
        'last_name': "last_name", 'emails': "email", 'phones': "phone", 'company': "company",
        'firm_record': "'pandadoc:company:' || lower(trim(nullif(company, '')))", 'title': "job_title",
        'city': "city", 'country': "country", 'relationship': "'Contact'",
    }) }}
    from contact
),

member as ({{ landed('pandadoc', 'member', {
    'membership_id': 'text', 'user_id': 'text', 'email': 'text', 'first_name': 'text', 'last_name': 'text',
    'date_created': 'instant', 'date_modified': 'instant',
}) }}),

pandadoc_member as (
    select {{- contact_record({
        'record_id': "'pandadoc:member:' || membership_id", 'source': "'pandadoc'",
        'full_name': "trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))", 'first_name': "first_name",
        'last_name': "last_name", 'emails': "email", 'relationship': "'Team'",
        'same_as': "'pandadoc:user:' || user_id", 'created_at': "date_created", 'updated_at': "date_modified",
    }) }}
    from member
),

organization_user as ({{ landed('pandadoc', 'user', {
    'user_id': 'text', 'email': 'text', 'first_name': 'text', 'last_name': 'text', 'phone_number': 'text',
}) }}),

pandadoc_user as (
    select {{- contact_record({
        'record_id': "'pandadoc:user:' || user_id", 'source': "'pandadoc'",
        'full_name': "trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))", 'first_name': "first_name",
        'last_name': "last_name", 'emails': "email", 'phones': "phone_number", 'relationship': "'Team'",
    }) }}
    from organization_user
)
{%- endif %}

select * from nobody where 1 = 0
{%- for part in parts %}
union all
select {{ contact_columns() | join(', ') }} from {{ part }}
{%- endfor %}
