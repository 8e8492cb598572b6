"""The folder of an exported design: what the vendor's tools and a host need beside the kernel."""
