{#- Pairs of records that may be one person: the best first; contact_overrides.csv takes the decision. -#}
select
    review_id,
    record_id,
    other_record_id,
    contact_id,
    other_contact_id,
    rule,
    evidence,
    reason,
    one,
    other,
    cast(position as {{ column_type('whole') }}) as position
from {{ source('identity', 'contact_review') }}
