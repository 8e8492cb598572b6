"""Bits of integers, words packed from values, structs."""
