"""The real clients of ClearML, against what this program hands out."""
