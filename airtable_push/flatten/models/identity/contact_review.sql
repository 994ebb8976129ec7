{#- Pairs of records that may be one person, the best first: contact_overrides.csv takes the decision. -#}
{{ review('contact') }}
