"""One page about the health of every source, from what the connectors and Fivetran leave in the warehouse.

`warehouse` reads facts, `health` judges them, `page` shows them; data goes that way only.
"""
