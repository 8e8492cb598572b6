"""From loops to grids of processing elements, and from arrays to channels between them."""
