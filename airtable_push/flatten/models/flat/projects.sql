{{ config(enabled=uses('basecamp')) }}

with project as ({{ landed('basecamp', 'project', {
    'id': 'text', 'name': 'text', 'status': 'text', 'description': 'text', 'client_company_id': 'text',
    'last_needle_color': 'text', 'start_date': 'day', 'end_date': 'day', 'created_at': 'instant',
}) }}),

project_person as ({{ landed('basecamp', 'project_person', {'project_id': 'text', 'person_id': 'text'}) }}),

todo as ({{ landed('basecamp', 'todo', {'id': 'text', 'bucket_id': 'text', 'status': 'text', 'completed': 'flag'}) }}),

timesheet_entry as ({{ landed('basecamp', 'timesheet_entry', {
    'id': 'text', 'bucket_id': 'text', 'status': 'text', 'hours': 'amount',
}) }}),

people as (
    select project_id, {{ keys('contact_id') }} as contact_ids
    from (
        select distinct project_person.project_id, contact_links.contact_id
        from project_person
        inner join {{ ref('contact_links') }} as contact_links
            on contact_links.record_id = 'basecamp:person:' || project_person.person_id
    ) as members
    group by project_id
),

todos as (
    select
        bucket_id,
        sum(case when completed then 0 else 1 end) as open_todos,
        sum(case when completed then 1 else 0 end) as completed_todos
    from todo
    where status = 'active'
    group by bucket_id
),

hours as (
    select bucket_id, sum(hours) as hours from timesheet_entry where status = 'active' group by bucket_id
)

select
    project.id as project_id,
    coalesce(nullif(trim(project.name), ''), project.id) as project_name,
    client_links.client_id,
    people.contact_ids,
    project.status,
    nullif(trim(project.description), '') as description,
    project.last_needle_color as progress,
    cast(coalesce(todos.open_todos, 0) as {{ column_type('whole') }}) as open_todos,
    cast(coalesce(todos.completed_todos, 0) as {{ column_type('whole') }}) as completed_todos,
    hours.hours as hours_logged,
    project.start_date,
    project.end_date,
    {{ day_of('project.created_at') }} as created_on
from project
left join people on people.project_id = project.id
left join todos on todos.bucket_id = project.id
left join hours on hours.bucket_id = project.id
left join {{ ref('client_links') }} as client_links
    on client_links.record_id = 'basecamp:company:' || project.client_company_id
