"""Which banks arrays need: what their accesses ask for, joined over all who share them."""
