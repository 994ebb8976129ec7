{% test linked_keys(model, column_name, to, field) %}
    {#- Every key in a JSON array of keys is there. -#}
    with given as (select distinct {{ column_name }} as keys from {{ model }} where {{ column_name }} is not null),

    each_key as (select {{ keys_in('keys') }} as key from given)

    select each_key.key
    from each_key
    left join {{ to }} as parent on parent.{{ field }} = each_key.key
    where parent.{{ field }} is null
{% endtest %}
