"""What a value can be, with the arithmetic every engine obeys."""
