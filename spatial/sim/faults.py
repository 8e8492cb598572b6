"""What stops a run from inside an actor."""

__all__ = ["Fault"]


class Fault(Exception):
    """The program did what no hardware could: `site` numbers the operation, `actor` names who did it."""

    def __init__(self, site: int, what: str, actor: str = "") -> None:
        super().__init__(site, what, actor)
        self.site = site
        self.what = what
        self.actor = actor
