"""Every rule of NPUs that we check ourselves, in one list."""

from spatial.lower.aie.rules import emitted, ends, objects, placed, queued, sequence, stacks, walks
from spatial.lower.aie.rules.subject import Rule

__all__ = ["DESIGN", "PLACED", "SEQUENCE", "WRITTEN", "markdown"]

HANGS = "compiles, and hangs on the device"
WRONG = "compiles, and moves the wrong elements"
LATE = "a later pass refuses it, without a line"

DESIGN = (
    Rule(name="filled", says="something puts into each fifo", otherwise=HANGS, check=ends.never_filled),
    Rule(name="emptied", says="something takes from each end of a fifo", otherwise=HANGS, check=ends.never_emptied),
    Rule(
        name="held-at-once",
        says="a core asks for no more objects than its end of a fifo has",
        otherwise=HANGS,
        check=ends.held_at_once,
    ),
    Rule(name="depth", says="each end of a fifo holds an object", otherwise=LATE, check=objects.at_least_one),
    Rule(name="lock-value", says="a lock counts the objects at an end", otherwise=LATE, check=objects.lock_values),
    Rule(name="object-words", says="objects are whole words", otherwise=LATE, check=objects.object_words),
    Rule(
        name="object-length",
        says="a descriptor counts the words of an object",
        otherwise=LATE,
        check=objects.object_lengths,
    ),
    Rule(
        name="link-once",
        says="a fifo is the source and the target of one link at most",
        otherwise=LATE,
        check=ends.link_once,
    ),
    Rule(name="link-shape", says="a link joins or distributes, not both", otherwise=LATE, check=ends.link_shape),
    Rule(name="link-ends", says="linked fifos meet on a memory tile", otherwise=LATE, check=ends.link_ends),
    Rule(
        name="link-sizes",
        says="the parts of a link fill the whole, side by side",
        otherwise=WRONG,
        check=ends.link_sizes,
    ),
    Rule(name="link-objects", says="as many objects leave a link as come in", otherwise=HANGS, check=ends.link_objects),
    Rule(
        name="walk-dimensions",
        says="a walk has the dimensions of a descriptor",
        otherwise=LATE,
        check=walks.walk_dimensions,
    ),
    Rule(
        name="walk-sizes",
        says="a descriptor counts the steps of each dimension",
        otherwise="compiles, and 256 becomes 0",
        check=walks.walk_sizes,
    ),
    Rule(name="walk-steps", says="the strides of a walk fit a descriptor", otherwise=WRONG, check=walks.walk_steps),
    Rule(name="walk-words", says="a walk moves whole words", otherwise=LATE, check=walks.walk_words),
    Rule(
        name="walk-inside",
        says="a walk visits its object, once and all of it",
        otherwise=WRONG,
        check=walks.walk_inside,
    ),
    Rule(
        name="transfer-objects",
        says="the host moves whole objects, as many as pass",
        otherwise=HANGS,
        check=walks.transfer_objects,
    ),
    Rule(name="transfer-bounds", says="a transfer stays in its array", otherwise=WRONG, check=walks.transfer_bounds),
    Rule(
        name="transfer-steps", says="the strides of a transfer fit a shim", otherwise=LATE, check=walks.transfer_steps
    ),
    Rule(name="transfer-words", says="a transfer moves whole words", otherwise=LATE, check=walks.transfer_words),
    Rule(
        name="host-buffers",
        says="the host hands over five arrays at most",
        otherwise="compiles, and the driver refuses it",
        check=objects.host_buffers,
    ),
    Rule(
        name="stack",
        says="a stack is whole vectors, and fits its tile",
        otherwise="compiles, and overwrites buffers",
        check=objects.stacks,
    ),
)
PLACED = (
    Rule(name="tile-kind", says="each node stands on a tile of its kind", otherwise=LATE, check=placed.kinds_of_tiles),
    Rule(
        name="tile-room",
        says="a tile has what is asked of it",
        otherwise="refused late; a memory tile spills into the next column",
        check=placed.tile_room,
    ),
    Rule(
        name="descriptor-halves",
        says="even and odd channels of a memory tile have a half of its descriptors each",
        otherwise=LATE,
        check=placed.descriptor_halves,
    ),
    Rule(name="reach", says="shared objects lie where both cores reach them", otherwise=LATE, check=placed.reach),
    Rule(name="route-ends", says="every consumer has a route", otherwise=LATE, check=placed.route_ends),
    Rule(
        name="route-room",
        says="a tile has a port for each stream that leaves it",
        otherwise=LATE,
        check=placed.route_room,
    ),
)
SEQUENCE = (
    Rule(
        name="descriptor-number",
        says="descriptors of a shim are 0 to 15",
        otherwise="compiles, and writes elsewhere",
        check=sequence.descriptor_numbers,
    ),
    Rule(
        name="descriptor-in-use",
        says="a descriptor is waited for before it is used again",
        otherwise=WRONG,
        check=sequence.numbers_in_use,
    ),
    Rule(
        name="queue",
        says="a channel queues four transfers at most",
        otherwise="compiles, and drops the fifth",
        check=sequence.queues,
    ),
    Rule(name="wait", says="what is waited for tells when it is through", otherwise=HANGS, check=sequence.waits),
    Rule(
        name="finished",
        says="what leaves the array is waited for",
        otherwise="compiles, and the host reads too early",
        check=sequence.finished,
    ),
    Rule(name="repeat", says="the dimensions of a transfer fit a shim", otherwise=LATE, check=sequence.repeats),
    Rule(name="queued-words", says="what is queued moves whole words", otherwise=LATE, check=queued.queued_words),
    Rule(
        name="queued-strides",
        says="the strides of what is queued lead on, as far as a shim steps",
        otherwise=LATE,
        check=queued.queued_strides,
    ),
    Rule(
        name="queued-lengths",
        says="a descriptor counts the words of what is queued",
        otherwise=WRONG,
        check=queued.queued_lengths,
    ),
)
WRITTEN = (
    Rule(
        name="data-memory",
        says="a tile holds stack, objects and arrays of its core",
        otherwise=LATE,
        check=emitted.data_memory,
    ),
    Rule(
        name="program-memory",
        says="the program of a core fits, by an estimate from its operations",
        otherwise="the linker refuses it",
        check=emitted.program_memory,
    ),
    Rule(
        name="stack-room",
        says="what registers do not hold fits the stack, by an estimate from a core's values",
        otherwise="compiles, and overwrites buffers",
        check=stacks.stack_room,
    ),
)


def markdown() -> str:
    """The rules as a table of a page."""
    lines = ["| rule | what must hold | otherwise |", "|---|---|---|"]
    lines += [f"| `{rule.name}` | {rule.says} | {rule.otherwise} |" for rule in (*DESIGN, *PLACED, *SEQUENCE, *WRITTEN)]
    return "\n".join(lines) + "\n"
