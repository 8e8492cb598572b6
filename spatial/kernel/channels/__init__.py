"""The operations on channels."""
