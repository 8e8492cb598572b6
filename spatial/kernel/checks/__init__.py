"""What a kernel's text must be, checked before it is lowered."""
