{#- Copper writes close dates as 3/14/2026 or as 14/3/2026, and its API does not show which. What shows it is a part above
    12: such a text is one date only. The others are read in the order that is set, or that a first part above 12 shows
    anywhere in the account. -#}
{%- set order = var('close_dates', 'detect') -%}
{{ config(enabled=uses('copper')) }}

with opportunity as ({{ landed('copper', 'opportunity', {'id': 'text', 'close_date': 'text'}) }}),

written as (
    select id as deal_id, trim(close_date) as written from opportunity where trim(close_date) <> ''
),

readings as (
    select
        deal_id,
        written,
        {{ slashed_date('written', 'month_first') }} as month_first,
        {{ slashed_date('written', 'day_first') }} as day_first
    from written
),

account as (
    select
        count(case when day_first is null then month_first end) as only_month_first,
        count(case when month_first is null then day_first end) as only_day_first
    from readings
),

decided as (
    select
    {%- if order == 'detect' %}
        case when only_day_first > 0 then 'day_first' else 'month_first' end as date_order,
        (only_day_first > 0) <> (only_month_first > 0) as certain
    {%- elif order == 'day_first' %}
        'day_first' as date_order,
        only_day_first > 0 or only_month_first = 0 as certain
    {%- else %}
        'month_first' as date_order,
        only_month_first > 0 or only_day_first = 0 as certain
    {%- endif %}
    from account
)

select
    readings.deal_id,
    readings.written,
    decided.date_order,
    case
        when decided.date_order = 'day_first' then coalesce(readings.day_first, readings.month_first)
        else coalesce(readings.month_first, readings.day_first)
    end as close_date,
    case
        when readings.month_first is null and readings.day_first is null then 'no date'
        when not decided.certain and readings.month_first <> readings.day_first then 'day or month first'
    end as problem
from readings
cross join decided
