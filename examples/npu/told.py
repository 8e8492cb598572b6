"""Tells what a design is predicted to take of its NPU."""

__all__ = ["told"]


def told(module, operations=0):
    """The time of a call and what decides it, in a few lines; `operations` are those that a call is worth."""
    report, placement = module.report, module.placement
    rate = f", {operations / report.seconds / 1e12:.3f} TOPS" if operations else ""
    off = placement.cost / max(1, placement.bound) - 1
    best = "the best there is" if placement.proven else f"at most {off:.1%} off the best"
    cores = "core" if report.cores == 1 else "cores"
    return "\n".join(
        [
            f"{report.program} on {report.cores} {cores} of {report.device}",
            f"placement: {best}, found in {placement.seconds:.1f} s",
            f"time: {1e6 * report.seconds:.1f} µs{rate}",
            f"cores compute {report.prediction.utilization:.0%} of the time behind the launch",
            f"bottleneck: {report.prediction.bottleneck}",
        ]
    )
