"""How a verification ends."""

from enum import Enum

__all__ = ["Kind"]


class Kind(Enum):
    """What a verification found; only programs that are `EQUAL`, or `AGREE` in all tests, are true."""

    EQUAL = "equal"
    AGREE = "no difference found by testing"
    DIFFERENT = "different"
    INTERFACE = "different parameters"
    UNINITIALISED = "memory is read that nothing was written to"
    OUT_OF_BOUNDS = "an access is out of bounds"
    FAULT = "a run fails"
    RACE = "no token orders two accesses"
    DEADLOCK = "deadlock at the declared depths"
    ENDLESS = "a run does not end"
    TOKENS_LEFT = "tokens are left in a channel"
    NONDETERMINISTIC = "what is computed depends on time"
    REFUSED = "not decided"
