{#- One row for every record that stands for a person, with what the rules compare. -#}
select
    record_id,
    source,
    first_name,
    last_name,
    generation,
    email,
    emails,
    role_email,
    phone,
    phones,
    firm,
    shown_name,
    shown_email,
    shown_phone
from {{ source('identity', 'contact_identity') }}
