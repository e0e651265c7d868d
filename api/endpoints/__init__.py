"""What can be called, one module a service."""
