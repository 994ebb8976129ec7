{#- What is read of every record that stands for a person, whichever system it is of. -#}

{% macro contact_columns() %}
    {{- return({
        'record_id': 'text', 'source': 'text', 'full_name': 'text', 'first_name': 'text', 'last_name': 'text',
        'suffix': 'text', 'emails': 'text', 'phones': 'text', 'company': 'text', 'firm_record': 'text', 'title': 'text',
        'city': 'text', 'country': 'text', 'relationship': 'text', 'same_as': 'text', 'created_at': 'instant',
        'updated_at': 'instant',
    }) -}}
{% endmacro %}

{% macro contact_record(values) %}
    {#- These columns for a `select`; what the system does not tell is empty. -#}
    {%- for column, kind in contact_columns().items() %}
        {{ values.get(column, 'cast(null as ' ~ column_type(kind) ~ ')') }} as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
