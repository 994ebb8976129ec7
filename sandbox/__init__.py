"""Simulated vendors for trying connectors without an account.

A vendor is a WSGI application over an in-memory store. It enforces what the real service enforces
(credentials, limits, paging, documented refusals), so a client that works here has met those rules before.
Nothing in this package imports a connector: `truth()` of each vendor is written on its own, and tests compare
a warehouse with it.

    company     the fictitious company that all vendors tell about
    deals       what a client has asked for, from the first call to the last invoice
    web         requests, answers and their way through WSGI
    limits      windows of requests, sliding and fixed
    order       records by time of change
    vendor      what all simulated vendors have in common, and how one is declared
    store       records of declared kinds, and the verbs that change them
    changes     what people do at a vendor
    routes      which function answers a path
    listings    plain listings, from a declaration
    columns     rows and payloads, from a declaration
    draw        what people enter, from a declaration
    ledger      what was asked, and how it was answered
    faults      transient and lasting failures, deterministic from a seed
    transport   a `requests` adapter that calls a WSGI application without a socket
    server      all vendors of one process on their ports, and the control endpoints
    airtable    a base, and the people who work in it
    basecamp    projects, to-dos, messages, documents
    copper      people, companies, leads, opportunities, activities
    pandadoc    documents with their recipients, fields and prices, templates
    quickbooks  customers, invoices, bills, payments, a general ledger
    everyaction supporters, contributions, events; what has changed comes in files
    virtuous    donors, gifts, pledges, events, volunteers
"""
