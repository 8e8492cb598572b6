"""Designs as folders for the NPU's tools."""
