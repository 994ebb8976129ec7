"""The engine that every connector stands on. It knows no vendor.

Read it in this order: `errors`, `clock`, `tally`, `retry`, `redaction`, `http`, `oauth`, `pagination`, `workers`,
`exact`, `tables`, `state`, `landed`, `journal`, `streams`, `crawl`, `reading`, `allocation`, `loop`,
`configuration`, `run`.
"""
