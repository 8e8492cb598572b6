"""Many actors: a Python function becomes a module of kernels, channels and arrays."""
