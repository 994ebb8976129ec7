{#- Which record stands for whom, by which rule, and what shows it. -#}
select
    record_id,
    contact_id,
    rule,
    evidence,
    linked_record_id,
    needs_review = 'true' as needs_review
from {{ source('identity', 'contact_link') }}
