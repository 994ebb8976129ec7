{#- Pairs that a person decides: of people and of firms there is one table each, alike but for whose ids they are. -#}

{% macro review(kind) %}
select
    review_id,
    record_id,
    other_record_id,
    {{ kind }}_id,
    other_{{ kind }}_id,
    rule,
    evidence,
    reason,
    one,
    other,
    cast(position as {{ column_type('whole') }}) as position
from {{ source('identity', kind ~ '_review') }}
{% endmacro %}
