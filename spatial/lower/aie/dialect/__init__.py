"""The part of the aie and aiex dialects that designs are written in."""
