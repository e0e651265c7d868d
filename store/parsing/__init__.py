"""Reading text that strangers paste: apart from the program, and within limits."""
