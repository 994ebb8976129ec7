{#- What differs from engine to engine. Everything else in the models is common to all. -#}

{% macro column_type(kind) %}
    {{- return({
        'text': dbt.type_string(), 'amount': 'numeric(38, 9)', 'whole': dbt.type_bigint(), 'flag': dbt.type_boolean(),
        'day': 'date', 'instant': adapter.dispatch('instant_type')(),
    }[kind]) -}}
{% endmacro %}

{% macro default__instant_type() %}timestamp with time zone{% endmacro %}
{% macro snowflake__instant_type() %}timestamp_tz{% endmacro %}
{% macro bigquery__instant_type() %}timestamp{% endmacro %}

{% macro day_of(instant) %}
    {#- The calendar day of an instant, in UTC. -#}
    {{- return(adapter.dispatch('day_of')(instant)) -}}
{% endmacro %}
{% macro default__day_of(instant) %}cast(({{ instant }} at time zone 'UTC') as date){% endmacro %}
{% macro snowflake__day_of(instant) %}to_date(convert_timezone('UTC', {{ instant }})){% endmacro %}
{% macro bigquery__day_of(instant) %}date({{ instant }}, 'UTC'){% endmacro %}

{% macro slashed_date(text, order) %}
    {#- The date in a text like 3/14/2026, whose parts are in this order: `month_first` or `day_first`; null where there
        is none. -#}
    {{- return(adapter.dispatch('slashed_date')(text, order)) -}}
{% endmacro %}
{% macro default__slashed_date(text, order) -%}
    {%- set month = "cast(split_part(" ~ text ~ ", '/', " ~ (1 if order == 'month_first' else 2) ~ ") as integer)" -%}
    {%- set day = "cast(split_part(" ~ text ~ ", '/', " ~ (2 if order == 'month_first' else 1) ~ ") as integer)" -%}
    {%- set year = "cast(split_part(" ~ text ~ ", '/', 3) as integer)" -%}
    {%- set first = "make_date(" ~ year ~ ", " ~ month ~ ", 1)" -%}
    case
        when {{ text }} is null or not {{ is_slashed_date(text, order) }} then null
        when {{ day }} > extract(day from {{ first }} + interval '1 month' - interval '1 day') then null
        else make_date({{ year }}, {{ month }}, {{ day }})
    end
{%- endmacro %}
{% macro snowflake__slashed_date(text, order) -%}
    try_to_date({{ text }}, '{{ 'MM/DD/YYYY' if order == 'month_first' else 'DD/MM/YYYY' }}')
{%- endmacro %}
{% macro bigquery__slashed_date(text, order) -%}
    safe.parse_date('{{ '%m/%d/%Y' if order == 'month_first' else '%d/%m/%Y' }}', {{ text }})
{%- endmacro %}

{% macro is_slashed_date(text, order) %}
    {%- set month, day = '(0?[1-9]|1[0-2])', '(0?[1-9]|[12][0-9]|3[01])' -%}
    {%- set parts = [month, day] if order == 'month_first' else [day, month] -%}
    ({{ text }} ~ '^{{ parts | join('/') }}/[12][0-9]{3}$')
{%- endmacro %}

{% macro joined(text, order_by, separator=', ') %}
    {#- All values of a group in one text. -#}
    {{- return(adapter.dispatch('joined')(text, order_by, separator)) -}}
{% endmacro %}
{% macro default__joined(text, order_by, separator) %}string_agg({{ text }}, '{{ separator }}' order by {{ order_by }}){% endmacro %}
{% macro snowflake__joined(text, order_by, separator) %}listagg({{ text }}, '{{ separator }}') within group (order by {{ order_by }}){% endmacro %}

{% macro keys(key) %}
    {#- The keys of a group as a JSON array; keys have no characters that JSON would escape. -#}
    {{- return("'[\"' || " ~ joined(key, key, '","') ~ " || '\"]'") -}}
{% endmacro %}

{% macro binary(text) %}
    {#- A text in an order that every engine agrees on: by the numbers of its characters. -#}
    {{- return(adapter.dispatch('binary')(text)) -}}
{% endmacro %}
{% macro default__binary(text) %}{{ text }}{% endmacro %}
{% macro postgres__binary(text) %}{{ text }} collate "C"{% endmacro %}

{% macro phones() %}
    {#- Several columns of telephones in one text. -#}
    {%- set parts = [] -%}
    {%- for column in varargs -%}{%- do parts.append("coalesce(" ~ column ~ " || ';', '')") -%}{%- endfor -%}
    {{- return(parts | join(' || ')) -}}
{% endmacro %}

{% macro whole_name(first, last) %}
    {#- First and last name in one text; null where there is none. -#}
    {{- return("nullif(trim(coalesce(" ~ first ~ ", '') || ' ' || coalesce(" ~ last ~ ", '')), '')") -}}
{% endmacro %}

{% macro keys_in(array) %}
    {#- The keys of an array that `keys` has made, a row each. -#}
    {{- return(adapter.dispatch('keys_in')(array)) -}}
{% endmacro %}
{% macro default__keys_in(array) %}unnest(string_to_array(substring({{ array }}, 3, length({{ array }}) - 4), '","')){% endmacro %}
