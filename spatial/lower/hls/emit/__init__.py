"""One function of a program as the C++ function of one process."""
