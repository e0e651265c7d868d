"""The command, tested from outside: real processes in a real terminal or between pipes."""
