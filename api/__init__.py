"""The endpoint that ClearML's clients sign in to (extra `api`). Knows nothing of screens."""
