"""The job that shows warehouse tables in Airtable, pushing only what changed.

    commands    what may be asked for on the command line
    settings    where the warehouse and the base are
    mapping     which flat table is which Airtable table
    manifest    reading that from dbt's manifest
    database    DuckDB or PostgreSQL: rows in, state out
    lock        one run at a time
    state       what was pushed, and what Airtable refused
    cells       from a warehouse value to what a cell takes
    api         Airtable's Web API, as far as a writer needs it
    answers     what its answers mean
    schema      the base's tables and fields, held against the mapping
    making      making those that are not there
    links       the record of each key, for links to it
    changes     which rows differ from what was pushed
    plan        what has to be done to a table
    preview     printing that
    push        doing it: in which order, and how a run ends
    run         what the tables of a push share
    removing    records whose row is gone
    writing     rows that differ
    delivery    sending one batch
    trouble     when there is no use in going on
    status      what was pushed, and what is refused
    reconcile   reading the base back
    report      what a run did, for people and for machines
    flatten     the dbt project that makes the flat tables

`python -m airtable_push --help` says how to use it.
"""
