"""From a kernel to the functions that its PEs share."""
