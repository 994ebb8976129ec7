"""Measurements of the project's own code. None of them runs `fivetran`.

world     a simulated vendor and a destination that only counts
calls     requests of a quiet sync and of a working day
metered   a working day of QuickBooks, by what Intuit counts
rows      a working day of every source: what is sent, and what of it in vain
people    a first sync of very many people, in a process of its own, measured beside the bare least
memory    a first sync in a process of its own, measured
plan      what a push to Airtable would do, in a process of its own, measured
"""
