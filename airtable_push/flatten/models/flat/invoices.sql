{{ config(enabled=uses('quickbooks')) }}

with invoice as ({{ landed('quickbooks', 'invoice', {
    'id': 'text', 'doc_number': 'text', 'customer_id': 'text', 'transaction_date': 'day', 'due_date': 'day',
    'total_amount': 'amount', 'balance': 'amount', 'home_balance': 'amount', 'exchange_rate': 'amount',
    'currency_id': 'text', 'private_note': 'text', 'customer_memo': 'text', 'email_status': 'text',
}) }})

select
    invoice.id as invoice_id,
    coalesce(nullif(trim(invoice.doc_number), ''), invoice.id) as invoice_number,
    client_links.client_id,
    contact_links.contact_id,
    {#- A voided invoice stays, with its amounts set to zero and its note marked. quickbooks.md 7. #}
    case
        when invoice.private_note like 'Voided%' and invoice.total_amount = 0 then 'Voided'
        when coalesce(invoice.balance, 0) = 0 then 'Paid'
        when invoice.balance < invoice.total_amount then 'Partly paid'
        else 'Open'
    end as status,
    invoice.transaction_date as invoice_date,
    invoice.due_date,
    invoice.total_amount,
    invoice.balance as open_balance,
    invoice.currency_id as currency,
    cast(round(
        coalesce(invoice.home_balance, invoice.balance * coalesce(invoice.exchange_rate, 1)), 2
    ) as {{ column_type('amount') }}) as open_in_home_currency,
    nullif(trim(invoice.customer_memo), '') as memo,
    case invoice.email_status when 'EmailSent' then 'Sent' when 'NeedToSend' then 'To be sent' end as e_mail
from invoice
left join {{ ref('client_links') }} as client_links
    on client_links.record_id = 'quickbooks:customer:' || invoice.customer_id
left join {{ ref('contact_links') }} as contact_links
    on contact_links.record_id = 'quickbooks:customer:' || invoice.customer_id
