"""The workspace: its models, operations, rules, persistence. Knows nothing of screens or HTTP."""
