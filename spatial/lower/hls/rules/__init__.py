"""What Vitis HLS asks of a design: a check for each rule."""
