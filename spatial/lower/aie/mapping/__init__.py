"""Legal programs laid out as nodes, fifos and transfers."""
