"""What the user declares of a kernel, before it is compiled."""
