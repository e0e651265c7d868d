"""A text area that is as quick in ten thousand lines as in a hundred."""
