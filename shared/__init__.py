"""The engine that every connector stands on. It knows no vendor.

Read it in this order: `errors`, `clock`, `tally`, `retry`, `http`, `oauth`, `pagination`, `workers`,
`tables`, `landed`, `journal`, `streams`, `configuration`.
"""
