"""The command `clearml-admin`: arguments, exit codes, one-line errors."""
