"""Machine code and other tools' formats, made from a program's IR."""
