{{ config(enabled=uses('pandadoc')) }}

with document as ({{ landed('pandadoc', 'document', {
    'id': 'text', 'name': 'text', 'status': 'text', 'created_by_first_name': 'text', 'created_by_last_name': 'text',
    'created_by_email': 'text', 'grand_total_amount': 'amount', 'grand_total_currency': 'text',
    'date_created': 'instant', 'date_sent': 'instant', 'date_completed': 'instant', 'expiration_date': 'instant',
}) }}),

document_recipient as ({{ landed('pandadoc', 'document_recipient', {
    'document_id': 'text', 'position': 'whole', 'contact_id': 'text', 'email': 'text',
}) }}),

contact as ({{ landed('pandadoc', 'contact', {'id': 'text', 'email': 'text'}) }}),

{#- A recipient who names no contact is the one of its address. -#}
by_address as (
    select lower(trim(email)) as email, min(id) as id
    from contact
    where coalesce(trim(email), '') <> ''
    group by lower(trim(email))
),

recipients as (
    select
        document_recipient.document_id,
        document_recipient.position,
        contact_links.contact_id,
        master_contacts.client_id
    from document_recipient
    left join by_address on by_address.email = lower(trim(document_recipient.email))
    inner join {{ ref('contact_links') }} as contact_links
        on contact_links.record_id
        = 'pandadoc:contact:' || coalesce(nullif(document_recipient.contact_id, ''), by_address.id)
    inner join {{ ref('master_contacts') }} as master_contacts on master_contacts.contact_id = contact_links.contact_id
),

people as (
    select document_id, {{ keys('contact_id') }} as contact_ids
    from (select distinct document_id, contact_id from recipients) as distinct_recipients
    group by document_id
),

firms as (
    select document_id, client_id
    from (
        select
            document_id,
            client_id,
            row_number() over (partition by document_id order by position) as place
        from recipients
        where client_id is not null
    ) as placed
    where place = 1
)

select
    document.id as document_id,
    coalesce(nullif(trim(document.name), ''), document.id) as document_name,
    firms.client_id,
    people.contact_ids,
    replace(replace(document.status, 'document.', ''), '_', ' ') as status,
    document.grand_total_amount as document_value,
    document.grand_total_currency as currency,
    coalesce(
        {{ whole_name('document.created_by_first_name', 'document.created_by_last_name') }},
        document.created_by_email
    ) as owner,
    {{ day_of('document.date_created') }} as created_on,
    {{ day_of('document.date_sent') }} as sent_on,
    {{ day_of('document.date_completed') }} as completed_on,
    {{ day_of('document.expiration_date') }} as expires_on
from document
left join people on people.document_id = document.id
left join firms on firms.document_id = document.id
