"""Measurements of the connectors' own code. None of them runs `fivetran`.

    world     a simulated Basecamp and a destination that only counts
    memory    a first sync in a process of its own, measured
"""
