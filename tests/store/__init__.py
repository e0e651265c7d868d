"""The store, tested through what it offers to screens and requests, on real folders."""
