"""C++ for Vitis HLS, made from a program's IR."""
