{{ config(enabled=uses('copper')) }}

with opportunity as ({{ landed('copper', 'opportunity', {
    'id': 'text', 'name': 'text', 'assignee_id': 'text', 'company_id': 'text',
    'loss_reason_id': 'text', 'pipeline_id': 'text', 'pipeline_stage_id': 'text', 'primary_contact_id': 'text',
    'priority': 'text', 'status': 'text', 'monetary_unit': 'text', 'monetary_value': 'amount',
    'converted_value': 'amount', 'win_probability': 'whole', 'date_stage_changed': 'instant',
    'date_created': 'instant',
}) }}),

pipeline as ({{ landed('copper', 'pipeline', {'id': 'text', 'name': 'text'}) }}),

stage as ({{ landed('copper', 'pipeline_stage', {'id': 'text', 'name': 'text'}) }}),

loss_reason as ({{ landed('copper', 'loss_reason', {'id': 'text', 'name': 'text'}) }}),

owner as ({{ landed('copper', 'user', {'id': 'text', 'name': 'text'}) }})

select
    opportunity.id as deal_id,
    coalesce(nullif(trim(opportunity.name), ''), opportunity.id) as deal_name,
    client_links.client_id,
    contact_links.contact_id,
    case
        when opportunity.status in ('Open', 'Won', 'Lost', 'Abandoned') then opportunity.status
        when opportunity.status is not null then 'Other'
    end as status,
    pipeline.name as pipeline,
    stage.name as stage,
    opportunity.monetary_value as deal_value,
    opportunity.monetary_unit as currency,
    opportunity.converted_value as value_in_home_currency,
    opportunity.win_probability,
    close_dates.close_date,
    owner.name as owner,
    nullif(opportunity.priority, 'None') as priority,
    loss_reason.name as loss_reason,
    {{ day_of('opportunity.date_stage_changed') }} as in_stage_since,
    {{ day_of('opportunity.date_created') }} as created_on
from opportunity
left join {{ ref('close_dates') }} as close_dates on close_dates.deal_id = opportunity.id
left join pipeline on pipeline.id = opportunity.pipeline_id
left join stage on stage.id = opportunity.pipeline_stage_id
left join loss_reason on loss_reason.id = opportunity.loss_reason_id
left join owner on owner.id = opportunity.assignee_id
left join {{ ref('client_links') }} as client_links
    on client_links.record_id = 'copper:company:' || opportunity.company_id
left join {{ ref('contact_links') }} as contact_links
    on contact_links.record_id = 'copper:person:' || opportunity.primary_contact_id
