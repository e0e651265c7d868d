"""Who may do what with which resource, why, and what a change would change (SPEC, Access)."""
