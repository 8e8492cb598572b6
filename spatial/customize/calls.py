"""The steps of a schedule about functions that the program calls."""

from spatial.customize.steps import Site, Steps, primitive
from spatial.schedule.calls.writing import inline

__all__ = ["CallSteps"]


class CallSteps(Steps):
    """Steps about called functions; `docs/schedules.md` shows them, before and after."""

    @primitive
    def inline(self, at: Site, function: str) -> None:
        """Writes out a function where it is called; its loops and arrays are the caller's then, `gemm.i`.

        Always legal: tools do it with all calls. Steps can then work on loops of both, as to fuse them.
        """
        inline(at.module, at.callee(function))
