"""The FPGA vendor's tools: running them on an exported project, and reading what they report."""
