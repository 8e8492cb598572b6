"""The words of the language that are lowered with a kernel's body."""
