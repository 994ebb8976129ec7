{#- One row a source. Only what moves when health moves: no time of the last sync, no counts of rows, because a day on
    which nothing changed must write nothing. -#}
{%- set names = {'quickbooks': 'QuickBooks', 'copper': 'Copper', 'basecamp': 'Basecamp', 'pandadoc': 'PandaDoc'} -%}
{%- set used = names.keys() | select('in', var('landed', {})) | list %}
with
{%- for source_name in used %}

{{ source_name }}_stream as ({{ landed(source_name, 'sync_metadata', {
    'stream': 'text', 'last_completed_at': 'instant',
}) }}),

{{ source_name }}_error as ({{ landed(source_name, 'errors', {
    'id': 'text', 'stream': 'text', 'category': 'text', 'first_seen_at': 'instant', 'resolved_at': 'instant',
}) }}),
{%- endfor %}

streams as (
    {%- for source_name in used %}
    select '{{ source_name }}' as source, stream, last_completed_at from {{ source_name }}_stream
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

problems as (
    {%- for source_name in used %}
    select '{{ source_name }}' as source, id, stream, category, first_seen_at from {{ source_name }}_error
    where resolved_at is null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if uses('copper') %}
    union all
    select 'copper' as source, deal_id, 'opportunity' as stream, 'close date: ' || problem, cast(null as {{ column_type('instant') }})
    from {{ ref('close_dates') }}
    where problem is not null
    {%- endif %}
),

sources as (
    {%- for source_name in used %}
    select '{{ source_name }}' as source, '{{ names[source_name] }}' as source_name
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

synced as (
    select source, max(last_completed_at) as last_completed_at from streams group by source
),

unfinished as (
    select source, {{ joined('stream', binary('stream')) }} as streams
    from streams
    where last_completed_at is null
    group by source
),

counted as (
    select source, count(*) as open_problems, min(first_seen_at) as since from problems group by source
),

affected as (
    select source, {{ joined('stream', binary('stream')) }} as streams
    from (select distinct source, stream from problems where stream is not null) as distinct_streams
    group by source
),

kinds as (
    select source, {{ joined('category', binary('category')) }} as kinds
    from (select distinct source, replace(category, '_', ' ') as category from problems) as distinct_kinds
    group by source
)

select
    sources.source,
    sources.source_name,
    case
        when synced.last_completed_at is null then 'Never synced'
        when synced.last_completed_at
            < {{ dbt.dateadd('hour', -1 * (var('stale_after_hours') | int), dbt.current_timestamp()) }}
            then 'Not synced lately'
        when counted.open_problems is not null or unfinished.streams is not null then 'Problems'
        else 'Healthy'
    end as status,
    cast(coalesce(counted.open_problems, 0) as {{ column_type('whole') }}) as open_problems,
    kinds.kinds as problem_kinds,
    affected.streams as affected_tables,
    unfinished.streams as unfinished_tables,
    {{ day_of('counted.since') }} as problems_since
from sources
left join synced on synced.source = sources.source
left join counted on counted.source = sources.source
left join unfinished on unfinished.source = sources.source
left join affected on affected.source = sources.source
left join kinds on kinds.source = sources.source
