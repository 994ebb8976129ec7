{#- Pairs of records that may be one firm, the best first: contact_overrides.csv takes the decision. -#}
{{ review('client') }}
