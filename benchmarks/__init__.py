"""Programs that measure the package side by side with others; `make bench` runs them all."""
