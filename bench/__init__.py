"""Measurements of the project's own code. None of them runs `fivetran`.

world     a simulated vendor and a destination that only counts
metered   a working day of QuickBooks, by what Intuit counts
memory    a first sync in a process of its own, measured
plan      what a push to Airtable would do, in a process of its own, measured
"""
