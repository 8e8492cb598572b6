"""Pictures of programs and runs, as files for other tools."""
