"""Pictures of the real screens, and the script that makes them."""
