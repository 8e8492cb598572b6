"""Kernels of PolyBench in float32, as large as a part allows, beside what other frameworks reached."""
