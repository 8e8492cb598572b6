"""Regions as designs for Vitis HLS: run in C-simulation, written as projects."""
