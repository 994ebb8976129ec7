{#- Which sources there are, and what they have landed. -#}

{% macro uses(source_name) %}
    {#- Whether a source is there. -#}
    {{ return(source_name in var('landed', {})) }}
{% endmacro %}

{% macro landed(source_name, table, columns) %}
    {#- `select` of a landed table: `columns` maps names to kinds (see `column_type`). Rows that Fivetran marks as
        deleted are left out. A table or column that has not been landed yet is empty. -#}
    {%- set place = source(source_name, table) -%}
    {%- set names = landed_columns(place) if execute else {} -%}
    select
    {%- for name, kind in columns.items() %}
        cast({{ adapter.quote(names[name]) if name in names else 'null' }} as {{ column_type(kind) }}) as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {%- if names %}
    from {{ place }}
    {%- if '_fivetran_deleted' in names %}
    where not coalesce({{ adapter.quote(names['_fivetran_deleted']) }}, false)
    {%- endif %}
    {%- else %}
    from (select 1 as nothing) as empty
    where 1 = 0
    {%- endif %}
{% endmacro %}

{% macro landed_columns(place) %}
    {#- The columns of a landed table: their names as they are written, by the names in lower case; none where the table
        has not been landed. The warehouse itself is asked, because dbt counts its own list of a schema as known from
        the first table on, while another thread still fills it: a table that is there would be taken for empty. -#}
    {%- set listing = 'system.information_schema.columns' if target.type == 'duckdb'
        else place.information_schema('columns') -%}
    {%- set found = run_query(
        "select column_name from " ~ listing ~ " where lower(table_catalog) = '" ~ place.database | lower
        ~ "' and lower(table_schema) = '" ~ place.schema | lower ~ "' and lower(table_name) = '"
        ~ place.identifier | lower ~ "'"
    ) -%}
    {%- set names = {} -%}
    {%- for row in found.rows -%}
        {%- do names.update({row[0] | lower: row[0]}) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}
