"""Programs of one kernel that starts others, as a function that calls dataflow functions."""
