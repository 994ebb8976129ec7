{#- Which record stands for which firm, by which rule, and what shows it. -#}
select
    record_id,
    client_id,
    rule,
    evidence,
    linked_record_id
from {{ source('identity', 'client_link') }}
