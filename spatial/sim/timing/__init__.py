"""The timing engine: when everything in a process network happens, without values."""
