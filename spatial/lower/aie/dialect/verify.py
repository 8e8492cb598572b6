"""Verifies a whole module: each operation with what it names, where it stands, and the numbers that it has."""

from collections import Counter
from collections.abc import Iterator

from spatial.device.npu import Npu
from spatial.ir.mlir import func, ir
from spatial.lower.aie.dialect.checks.cores import core
from spatial.lower.aie.dialect.checks.fabric import FABRIC, LINKS
from spatial.lower.aie.dialect.checks.fault import Fault, Faults, fault
from spatial.lower.aie.dialect.checks.host import sequence
from spatial.lower.aie.dialect.checks.scope import NAMED, Scope
from spatial.lower.aie.dialect.ops import CoreOp, DeviceOp, EndOp, SequenceOp, aie_context
from spatial.source.errors import InternalError

__all__ = ["faults_of", "verify_design"]

NAMING = {**LINKS, CoreOp: core, SequenceOp: sequence}


def verify_design(module: ir.Module, npu: Npu) -> None:
    """Raises `InternalError` with each operation that is wrong and its place, where a module is no design for `npu`."""
    if found := list(faults_of(module, npu)):
        raise InternalError("the module does not verify:\n" + "\n".join(map(str, found)))


def faults_of(module: ir.Module, npu: Npu) -> list[Fault]:
    """What is wrong with a module, in the order of its operations.

    MLIR's own verifier comes first: kinds of attributes, types of operands, values that are used before they are made.
    """
    with aie_context():
        try:
            module.operation.verify()
        except ir.MLIRError as error:
            return [_refused(module, str(error))]
        return list(_beside(module)) or [each for device in _devices(module) for each in _device(Scope(device, npu))]


def _refused(module: ir.Module, why: str) -> Fault:
    return fault(module.operation.opview, f"is refused by MLIR's verifier: {why}")


def _devices(module: ir.Module) -> list[DeviceOp]:
    return [op for op in module.body.operations if isinstance(op, DeviceOp)]


def _beside(module: ir.Module) -> Faults:
    """A module has one device, and functions of object files beside it."""
    devices = _devices(module)
    if len(devices) != 1:
        yield fault(module.operation.opview, f"has {len(devices)} devices, it has 1")
    for op in module.body.operations:
        if isinstance(op, func.FuncOp):
            if "link_with" not in op.attributes or not op.is_external:
                yield fault(op, "has no object file to be linked with")
        elif not isinstance(op, DeviceOp):
            yield fault(op, "stands beside a device")
        elif len(op.body.blocks) != 1:
            yield fault(op, f"has {len(op.body.blocks)} blocks, it has 1")


def _device(scope: Scope) -> Iterator[Fault]:
    """Each operation of a device is one of those that stand in one; no two have one name."""
    code = scope.device.attributes["device"].value
    if code != scope.npu.code:
        yield fault(scope.device, f"is for device {code}, `{scope.npu.name}` is {scope.npu.code}")
    if not scope.operations or not isinstance(scope.operations[-1], EndOp):
        yield fault(scope.device, "does not end with aie.end")
    names = Counter(op.sym_name.value for op in scope.operations if isinstance(op, NAMED))
    first = [each for op in scope.operations for each in _named(scope, op, names[_name(op)])]
    yield from first or (each for op in scope.operations for each in _naming(scope, op))


def _named(scope: Scope, op: ir.OpView, count: int) -> Faults:
    """What others name: tiles, and what lies in them."""
    if count > 1:
        yield fault(op, f"has a name that {count} operations have")
    if type(op) in FABRIC:
        yield from FABRIC[type(op)](scope, op)
    elif type(op) not in (*NAMING, EndOp):
        yield fault(op, "stands in a device")


def _naming(scope: Scope, op: ir.OpView) -> Faults:
    """What names others, which are right."""
    if type(op) in NAMING:
        yield from NAMING[type(op)](scope, op)


def _name(op: ir.OpView) -> str:
    return str(op.attributes["sym_name"].value) if isinstance(op, NAMED) else ""
