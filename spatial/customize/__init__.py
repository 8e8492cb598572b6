"""Schedules: programs that are rewritten step by step."""
