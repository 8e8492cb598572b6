"""A placed design as a module for the aie tools."""
