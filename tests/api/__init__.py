"""The endpoint, by what callers send and get."""
