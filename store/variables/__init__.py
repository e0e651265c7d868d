"""Finds where a text that somebody pasted gives variables their values, whatever it is written for.

Nothing is run, expanded or looked up: what only a program could know is told to be open. The time
that it takes grows with the length of the text alone.
"""
