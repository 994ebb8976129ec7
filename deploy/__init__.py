"""Brings connectors to Fivetran and back: what the workflows in .github/workflows run.

python -m deploy --help
"""
