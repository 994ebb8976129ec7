{#- Pairs of records that may be one firm, the best first: contact_overrides.csv takes the decision. -#}
select
    review_id,
    record_id,
    other_record_id,
    client_id,
    other_client_id,
    rule,
    evidence,
    reason,
    one,
    other,
    cast(position as {{ column_type('whole') }}) as position
from {{ source('identity', 'client_review') }}
