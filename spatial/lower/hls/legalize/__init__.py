"""Makes a program obey the rules of Vitis dataflow, and leaves it a program."""
