"""The parts of the facade `Workspace`, one module per noun."""
