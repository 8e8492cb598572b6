"""Runs the module of a design: cores, objects, links and the host's sequence, one step after the other in Python.

It knows nothing of the program that a design was made from, so it shows that what is written computes the same.
"""

import math
from collections import deque

import numpy as np

from spatial.ir.mlir import ir
from spatial.lower.aie.design import Kind
from spatial.lower.aie.dialect.ops import PRODUCE
from tests.lower.aie.kernels import compiled
from tests.lower.aie.values import dtype_of, is_integer, is_vector, lanes, scalar, wrap

__all__ = ["run"]

STEPS = 200_000
IDLE = 4


class Ring:
    """The objects of a fifo: those `made` at its producer, and those that wait at each consumer, with room for so many.

    Where its ends share memory, or one of them is no core, objects are at the consumers at once.
    """

    def __init__(self, name, shape, dtype, made, rooms, initial):
        self.name, self.shape, self.dtype = name, shape, dtype
        self.room, self.rooms = made, rooms
        self.made = None if made is None else deque(each.copy() for each in initial)
        self.waiting = [deque(() if made else (each.copy() for each in initial)) for _ in rooms]

    def free(self):
        """How many more objects the producer may begin."""
        if self.made is not None:
            return self.room - len(self.made)
        return min(room - len(each) for room, each in zip(self.rooms, self.waiting, strict=True))

    def can_put(self):
        return self.free() > 0

    def put(self, block):
        for each in self.waiting if self.made is None else [self.made]:
            each.append(block.copy())

    def move(self):
        """DMA takes an object to all consumers, if there is one and all have room; whether it did."""
        places = zip(self.rooms, self.waiting, strict=True)
        if not self.made or not all(len(each) < room for room, each in places):
            return False
        block = self.made.popleft()
        for each in self.waiting:
            each.append(block.copy())
        return True


class Core:
    """A core's program under way: a generator that yields where it waits."""

    def __init__(self, machine, op):
        self.machine, self.values, self.held = machine, {}, {}
        self.tile = op.operands[0]
        self.steps = self.block(op.regions[0].blocks[0])

    def get(self, value):
        return self.values[value] if value in self.values else self.machine.globals[value]

    def block(self, block):
        for op in block.operations:
            name = op.operation.name
            if name in ("scf.yield", "aie.end", "scf.condition"):
                return [self.get(each) for each in op.operands]
            method = getattr(self, name.replace(".", "_"), None)
            if method is not None:
                yield from method(op.operation)
            else:
                self.values[op.results[0]] = self.compute(op.operation)
        return []

    def scf_for(self, op):
        low, high, step = (self.get(each) for each in list(op.operands)[:3])
        carried = [self.get(each) for each in list(op.operands)[3:]]
        inside = op.regions[0].blocks[0]
        count = low
        while count < high:
            for argument, value in zip(inside.arguments, [count, *carried], strict=True):
                self.values[argument] = value
            carried = yield from self.block(inside)
            count += step
            if high > 1 << 60:
                yield
        for result, value in zip(op.results, carried, strict=True):
            self.values[result] = value

    def scf_if(self, op):
        then, otherwise = (list(region.blocks) for region in op.regions)
        chosen = then if self.get(op.operands[0]) else otherwise
        found = (yield from self.block(chosen[0])) if chosen else []
        for result, value in zip(op.results, found, strict=True):
            self.values[result] = value

    def scf_while(self, op):
        before, after = (region.blocks[0] for region in op.regions)
        given = [self.get(each) for each in op.operands]
        while True:
            self.values.update(zip(before.arguments, given, strict=True))
            condition, *given = yield from self.block(before)
            if not condition:
                break
            self.values.update(zip(after.arguments, given, strict=True))
            given = yield from self.block(after)
        self.values.update(zip(op.results, given, strict=True))

    def aie_objectfifo_acquire(self, op):
        name, port, size = op.attributes["objFifo_name"].value, op.attributes["port"].value, op.attributes["size"].value
        ring, end = self.machine.end(name, self.tile, port)
        held = self.held.setdefault((name, port), deque())
        while len(held) < size:
            if port == PRODUCE:
                while ring.free() <= len(held):
                    yield
                held.append(np.full(ring.shape, 77, ring.dtype))
            else:
                while len(ring.waiting[end]) <= len(held):
                    yield
                held.append(ring.waiting[end][len(held)])
        self.values[op.results[0]] = list(held)

    def aie_objectfifo_subview_access(self, op):
        self.values[op.results[0]] = self.get(op.operands[0])[op.attributes["index"].value]
        yield from ()

    def aie_objectfifo_release(self, op):
        name, port = op.attributes["objFifo_name"].value, op.attributes["port"].value
        ring, end = self.machine.end(name, self.tile, port)
        for _ in range(op.attributes["size"].value):
            block = self.held[name, port].popleft()
            if port == PRODUCE:
                ring.put(block)
            else:
                ring.waiting[end].popleft()
            self.machine.given += 1
            block.fill(77)  # what is used after it was given back is wrong
        yield

    def memref_store(self, op):
        value, memory, *places = (self.get(each) for each in op.operands)
        memory[tuple(places)] = value
        yield from ()

    def func_call(self, op):
        self.machine.functions[op.attributes["callee"].value]([self.get(each) for each in op.operands])
        yield from ()

    def aie_use_lock(self, op):
        while op.operands[0] in self.machine.taken:
            yield
        self.machine.taken.add(op.operands[0])

    def vector_store(self, op):
        value, memory, *places = (self.get(each) for each in op.operands)
        memory[(*places[:-1], slice(places[-1], places[-1] + len(value)))] = value
        yield from ()

    def compute(self, op):
        given = [self.get(each) for each in op.operands]
        kind = op.results[0].type
        if op.name == "memref.reinterpret_cast":
            return given[0].reshape(-1)[: math.prod(kind.shape)].reshape(kind.shape)
        if op.name == "memref.load":
            return given[0][tuple(given[1:])].item() if is_integer(kind) else given[0][tuple(given[1:])]
        if op.name == "vector.load":
            part = given[0][(*given[1:-1], slice(given[-1], given[-1] + kind.shape[0]))]
            return np.array(part.tolist(), object) if is_integer(kind.element_type) else part.copy()
        if op.name == "vector.extract":
            return given[0][given[1]]
        if op.name == "vector.extract_strided_slice":
            (first,) = (each.value for each in op.attributes["offsets"])
            return given[0][first : first + kind.shape[0]]
        if op.name == "vector.broadcast":
            return np.array([given[0]] * kind.shape[0], object if is_integer(kind.element_type) else None)
        if is_vector(kind) or any(isinstance(each, np.ndarray) for each in given):
            return lanes(op, given, kind)
        return scalar(op, given, kind, op.operands[0].type if len(op.operands) else kind)


class Machine:
    """A design under way: its cores, links and transfers take turns until nothing moves."""

    def __init__(self, design, mapped, arrays, scalars):
        self.mapped, self.arrays, self.buffers, self.npu = mapped, arrays, {}, design.npu
        self.scalars = {n: w for name, ns in design.scalars.items() for n, w in zip(ns, scalars[name], strict=True)}
        self.functions = compiled(design)
        *_, device = design.module.body.operations
        self.globals, self.rings, self.ends, self.cores = {}, {}, {}, []
        self.links, self.tasks, self.running, self.streams, self.taken, self.given = [], [], [], {}, set(), 0
        for op in device.regions[0].blocks[0].operations:
            handler = {
                "aie.objectfifo_create": self.fifo, "aie.core": lambda op: self.cores.append(Core(self, op)),
                "aie.buffer": self.buffer, "aie.objectfifo_link": self.link, "aie.runtime_sequence": self.sequence,
            }.get(op.operation.name)  # fmt: skip
            if handler:
                handler(op.operation)

    def fifo(self, op):
        name, text = op.attributes["sym_name"].value, str(op.attributes["elemType"].value)
        with op.context:
            kind = ir.Type.parse(text.removeprefix("!aie.objectfifo<").removesuffix(">"))
        depths = [each.value for each in op.attributes["elemNumber"]]
        initial = []
        if "initValues" in op.attributes:
            initial = [np.array(each) for each in op.attributes["initValues"]]
        dtype = dtype_of(kind.element_type)
        producer, *consumers = op.operands
        made, rooms = self.rooms(op, depths)
        self.rings[name] = Ring(name, tuple(kind.shape), dtype, made, rooms, initial)
        walks = [op.attributes["dimensionsToStream"], *op.attributes["dimensionsFromStreamPerConsumer"]]
        assert not any(len(each) for each in walks), "walks of memory tiles are not run here"
        self.ends[name] = producer, consumers

    def rooms(self, op, depths):
        """For how many objects there is room at the producer, None where they are at the consumers at once; and there.

        A shim holds none of its own, and a memory tile as many as the side of a link with one fifo.
        """
        places = [(int(each.owner.opview.col.value), int(each.owner.opview.row.value)) for each in op.operands]
        cores = [row > 1 for _, row in places]
        if not cores[0]:
            return None, depths[1:]
        if not all(cores):
            return depths[0], depths[1:]
        own, other = (set(self.npu.neighbours(place)) for place in places[:2])
        if len(places) == 2 and own & other and "via_DMA" not in op.attributes:
            return None, depths[:1]
        return depths[0], depths[1:]

    def end(self, name, tile, port):
        producer, consumers = self.ends[name]
        if port == PRODUCE:
            assert tile == producer
            return self.rings[name], None
        return self.rings[name], consumers.index(tile)

    def buffer(self, op):
        kind = op.results[0].type
        array = np.full(tuple(kind.shape), 77, dtype_of(kind.element_type))
        if "initial_value" in op.attributes:
            array[...] = np.array(op.attributes["initial_value"])
        self.globals[op.results[0]] = self.buffers[op.attributes["sym_name"].value] = array

    def link(self, op):
        names = [[each.value for each in op.attributes[key]] for key in ("fifoIns", "fifoOuts")]
        offsets = [each.value for key in ("src_offsets", "dst_offsets") for each in op.attributes[key]]
        self.links.append((*names, offsets))

    def sequence(self, op):
        block = op.regions[0].blocks[0]
        names = dict(zip(block.arguments, self.arrays, strict=True))
        for each in block.operations:
            if each.operation.name == "aiex.npu_dma_memcpy_nd":
                self.tasks.append(("move", each.operation, self.arrays[names[each.operands[0]]]))
            elif each.operation.name == "aiex.npu_rtp_write":
                number = wrap(self.scalars[each.attributes["value"].value % (1 << 32)], 32)
                self.buffers[each.attributes["buffer"].value][each.attributes["index"].value] = number
            elif each.operation.name == "aiex.npu_dma_wait":
                self.tasks.append(("wait", each.attributes["symbol"].value, None))

    def go(self):
        waiting = [core.steps for core in self.cores]
        done, idle = {}, 0
        for _ in range(STEPS):
            moved = self.issue(done)
            for core in list(waiting):
                try:
                    next(core)
                except StopIteration:
                    waiting.remove(core)
            moved |= self.pass_on() | self.transfer(done)
            for ring in self.rings.values():
                moved |= ring.move()
            if not self.tasks and not self.running:
                return
            idle = 0 if moved or self.given else idle + 1
            assert idle < IDLE, "the design stands still"
            self.given = 0
        raise AssertionError("the design does not end")

    def issue(self, done):
        moved = False
        while self.tasks:
            kind, what, memory = self.tasks[0]
            if kind == "wait":
                if not done.get(what):
                    return moved
                done[what] -= 1
            else:
                self.running.append(Transfer(what, memory))
            self.tasks.pop(0)
            moved = True
        return moved

    def transfer(self, done):
        moved, seen = False, set()
        for task in list(self.running):
            if task.fifo in seen:
                continue
            seen.add(task.fifo)
            ring = self.rings[task.fifo]
            size = math.prod(ring.shape) * ring.dtype.itemsize // task.unit.itemsize
            inward = self.mapped.node[self.mapped.fifo[task.source(self.mapped)].producer.node].kind is Kind.SHIM
            moved |= (self.feed if inward else self.drain)(task, ring, size)
            if task.at >= len(task.places):
                self.running.remove(task)
                if task.token:
                    done[task.fifo] = done.get(task.fifo, 0) + 1
        return moved

    def feed(self, task, ring, size):
        """Moves units of memory into a stream, and objects out of it into the array, while there is room."""
        stream, before = self.streams.setdefault(task.fifo, []), task.at
        while task.at < len(task.places) and ring.can_put():
            part = task.places[task.at : task.at + size - len(stream)]
            stream += task.view()[part].tolist()
            task.at += len(part)
            if len(stream) == size:
                ring.put(np.array(stream, task.unit).view(ring.dtype).reshape(ring.shape))
                stream.clear()
        return task.at > before

    def drain(self, task, ring, size):
        """Moves objects of the array into a stream, and units of it into memory."""
        stream, before = self.streams.setdefault(task.fifo, []), task.at
        while task.at < len(task.places) and (stream or ring.waiting[0]):
            if not stream:
                stream += ring.waiting[0].popleft().reshape(-1).view(task.unit).tolist()
            part = task.places[task.at : task.at + len(stream)]
            task.view()[part] = stream[: len(part)]
            del stream[: len(part)]
            task.at += len(part)
        return task.at > before

    def pass_on(self):
        moved = False
        for sources, targets, offsets in self.links:
            ins, outs = ([self.rings[name] for name in names] for names in (sources, targets))
            ends = [next(n for n, _ in enumerate(ring.waiting)) for ring in ins]
            while all(ring.waiting[end] for ring, end in zip(ins, ends, strict=True)) and all(
                r.can_put() for r in outs
            ):
                parts = [ring.waiting[end].popleft().reshape(-1) for ring, end in zip(ins, ends, strict=True)]
                if len(ins) > 1:
                    whole = np.zeros(math.prod(outs[0].shape), outs[0].dtype)
                    for part, offset in zip(parts, offsets, strict=True):
                        whole[offset : offset + len(part)] = part
                    outs[0].put(whole.reshape(outs[0].shape))
                else:
                    for ring, offset in zip(outs, offsets or [0] * len(outs), strict=True):
                        size = math.prod(ring.shape)
                        if len(outs) == 1 and size != len(parts[0]):
                            raise AssertionError("objects of other sizes are not passed on here")
                        ring.put(parts[0][offset : offset + size].reshape(ring.shape))
                moved = True
        return moved


class Transfer:
    """A transfer under way: the places of memory that it visits."""

    def __init__(self, op, memory):
        self.fifo, self.memory, self.at = op.attributes["metadata"].value, memory, 0
        self.unit = np.dtype(f"i{dtype_of(op.operands[0].type.element_type).itemsize}")
        self.token = bool(op.attributes["issue_token"].value)
        sizes = [each.value for each in op.attributes["static_sizes"]]
        strides = [each.value for each in op.attributes["static_strides"]]
        offsets = [each.value for each in op.attributes["static_offsets"]]
        first = sum(offset * stride for offset, stride in zip(offsets, strides, strict=True))
        grid = np.indices(sizes).reshape(4, -1)
        self.places = first + sum(stride * row for stride, row in zip(strides, grid, strict=True))

    def source(self, mapped):
        return next(
            name for name in mapped.fifo if "".join(c if c.isalnum() else "_" for c in name).strip("_") == self.fifo
        )

    def view(self):
        return self.memory.view(self.unit)


def run(design, mapped, arrays, scalars):
    """Runs a design on arrays by name, which hold elements as they lie on the device; outputs are written into them.

    `scalars` are the words of run-time parameters by name.
    """
    Machine(design, mapped, {name: arrays[name] for name in design.arrays}, scalars).go()
