"""Makes the calls of functions in C++ that machine code stops for."""

import time

import numpy as np

from spatial.lower.llvm.layout import HostField, RunField
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.image import Image
from spatial.sim.native.places import Words
from spatial.sim.native.words import memory_at, packed, unpacked, unpacked_token
from spatial.sim.numbers import is_plain
from spatial.sim.reference.external import HostFunction, in_cpp
from spatial.sim.values import encoded
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["HostCalls"]

STAGE = 16  # nanoseconds of a call that use up the budget of a stage, so that long ones let Python look up in time

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


class HostCalls:
    """The functions in C++ that the actors of a run call; `failed` takes for an actor what its call did wrong.

    Raises `ProgramError` or `ToolError` where one of them cannot be called.
    """

    def __init__(self, program: NativeProgram, image: Image, failed: dict[int, str]) -> None:
        network = program.network
        self.image = image
        self.failed = failed
        self.hosts = [network.functions[actor.function].hosts for actor in network.graph.actors]
        for host in (host for hosts in self.hosts for host in hosts):
            host.load()

    def make(self) -> None:
        """Makes the call that the run has paused for; it may go on with what is left of its budget."""
        run, begun = self.image.run, time.perf_counter_ns()
        at = (int(run[RunField.HOST]) - self.image.places.words.ctypes.data) // 8
        record = self.image.places.words[at:]
        actor = int(record[HostField.ACTOR])
        host = self.hosts[actor][record[HostField.NUMBER]]
        words = record[len(HostField) : len(HostField) + len(host.parameters)]
        record[HostField.RESULT] = self.result(actor, host, words)
        run[RunField.HOST] = 0
        run[RunField.BUDGET] += int(run[RunField.LEFT]) - (time.perf_counter_ns() - begun) // STAGE

    def result(self, actor: int, host: HostFunction, words: Words) -> int:
        """Calls a function; 0, or 1 more than the position of the argument that was given a wrong value."""
        pairs = zip(host.parameters, words, strict=True)
        arguments = [_argument(type_, direction, word) for (type_, direction), word in pairs]
        host.load()(*(each.ctypes.data if isinstance(each, np.ndarray) else each for each, _ in arguments))
        for position, ((type_, _), (given, memory)) in enumerate(zip(host.parameters, arguments, strict=True), start=1):
            if memory is None or not isinstance(given, np.ndarray):
                continue
            try:
                memory[:] = packed(encoded(given, element_of(type_)), element_of(type_))
            except ValueError as error:
                self.failed[actor] = host.wrong_value(error)
                return position
        return 0


def _argument(type_: DType | TensorType, direction: str, word: np.int64) -> tuple[object, Array | None]:
    """What C++ is given, and the memory that it is to be stored into afterwards.

    Elements that lie as C++ has them are given as they are, unless they are only read.
    """
    if not isinstance(type_, TensorType):
        return unpacked_token(np.array([word]), type_), None
    memory = memory_at(int(word), type_)
    if is_plain(type_.element):
        return memory.copy() if direction == "in" else memory, None
    return in_cpp(unpacked(memory, type_.element), type_), None if direction == "in" else memory
