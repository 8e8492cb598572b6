"""The native engine: a program as machine code, every actor with a clock of its own."""
