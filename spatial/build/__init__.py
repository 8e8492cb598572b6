"""The drivers: what needs several tools at once."""
