"""Matrix products on grids of processing elements."""
