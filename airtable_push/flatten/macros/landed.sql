{#- Which sources there are, and what they have landed. -#}

{% macro uses(source_name) %}
    {#- Whether a source is there. -#}
    {{ return(source_name in var('landed', {})) }}
{% endmacro %}

{% macro landed(source_name, table, columns) %}
    {#- `select` of a landed table: `columns` maps names to kinds (see `column_type`). Rows that Fivetran marks as
        deleted are left out. A table or column that has not been landed yet is empty. -#}
    {%- set place = source(source_name, table) -%}
    {%- set relation = adapter.get_relation(place.database, place.schema, place.identifier) if execute else none -%}
    {%- set names = {} -%}
    {%- for column in (adapter.get_columns_in_relation(relation) if relation else []) -%}
        {%- do names.update({column.name | lower: column.name}) -%}
    {%- endfor -%}
    select
    {%- for name, kind in columns.items() %}
        cast({{ adapter.quote(names[name]) if name in names else 'null' }} as {{ column_type(kind) }}) as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {%- if relation %}
    from {{ relation }}
    {%- if '_fivetran_deleted' in names %}
    where not coalesce({{ adapter.quote(names['_fivetran_deleted']) }}, false)
    {%- endif %}
    {%- else %}
    from (select 1 as nothing) as empty
    where 1 = 0
    {%- endif %}
{% endmacro %}
