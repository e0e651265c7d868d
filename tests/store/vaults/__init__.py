"""Tests of the texts of configuration vaults."""
