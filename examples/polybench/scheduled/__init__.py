"""The kernels of PolyBench as plain loop nests, each with a schedule of at most 12 lines."""
