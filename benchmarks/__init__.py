"""What is timed: against a bare program, a plain database, or a small workspace."""
