"""Measurements of the project's own code. None of them runs `fivetran`.

figures   what was measured, what it should be, and what it is compared with
day       a working day of every source: what is asked for, and what is sent
metered   a working day of QuickBooks, by what Intuit counts
people    a first sync of very many people, beside bare parsing and beside other engines
peers     the same people, read by those
imports   how long it takes to load a connector
memory    a first sync of a large account
plan      what a push to Airtable would do
apart     measuring in a process of its own
world     a simulated vendor and a destination that only counts
"""
