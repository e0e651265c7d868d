"""Texts of configuration vaults: read, checked, converted, delivered and merged.

Nothing here has a side effect, knows a workspace, or raises for what somebody typed, but where it
says so.
"""
