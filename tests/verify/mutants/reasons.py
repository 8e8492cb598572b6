"""Why mutants that neither tests nor a proof tell from their program are the same program."""

__all__ = ["REASONS"]

REASONS: dict[tuple[str, str], str] = {}
