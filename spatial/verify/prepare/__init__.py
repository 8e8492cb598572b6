"""Programs brought into a form that can be followed on symbols."""
