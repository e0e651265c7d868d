"""The tabs, one module each, and the table screen that they share."""
