"""Numbers in the registers of a core."""
