"""Lets the functions of a program write down what they compute."""

import dataclasses
from collections.abc import Mapping

from spatial.ir.function import Parameter, kernels
from spatial.ir.graph import ActorGraph, Array, Specialization
from spatial.ir.mlir import func, ir
from spatial.types.dtype import int64
from spatial.types.tensor import TensorType
from spatial.verify.explain.recorded import Wanted, room

__all__ = ["apart", "array_name", "is_apart", "with_arrays", "with_memory"]

OWN = ".recorded"


def apart(module: ir.Module, graph: ActorGraph, actor: str) -> ActorGraph:
    """Gives an actor a function of its own in the module; the graph with it."""
    name = graph.actor[actor].function
    function = next(each for each in kernels(module) if each.name.value == name)
    made = name + OWN
    with ir.InsertionPoint(module.body):
        function.operation.clone().attributes["sym_name"] = ir.StringAttr.get(made)
    actors = tuple(dataclasses.replace(each, function=made) if each.name == actor else each for each in graph.actors)
    body = dataclasses.replace(graph.specializations[name], name=made)
    return dataclasses.replace(graph, actors=actors, specializations={**graph.specializations, made: body})


def is_apart(function: str) -> bool:
    """Whether a function is that of an actor which writes down what it computes."""
    return function.endswith(OWN)


def array_name(actor: str) -> str:
    """What the array is called that an actor writes down in."""
    return f"recorded.{actor}"


def with_memory(function: func.FuncOp, wanted: Wanted) -> ir.Value:
    """Gives a function one more array, to write down in."""
    size = room(wanted)
    kind = ir.MemRefType.get([size], ir.IntegerType.get_signless(64))
    memory = function.entry_block.add_argument(kind, ir.Location.current)
    told = ir.ArrayAttr.get([ir.StringAttr.get(text) for text in ("recorded", "array", f"int64[{size}]")])
    function.attributes["df.parameters"] = ir.ArrayAttr.get([*function.attributes["df.parameters"], told])
    inputs = [argument.type for argument in function.arguments]
    whole = ir.FunctionType.get(inputs, list(function.type.results))
    function.attributes["function_type"] = ir.TypeAttr.get(whole)
    return memory


def with_arrays(graph: ActorGraph, wanted: Wanted) -> ActorGraph:
    """The graph whose actors, or the one that is wanted, have an array to write down in."""
    type_ = TensorType(int64, (room(wanted),))
    chosen = [each.name for each in graph.actors if wanted.actor in (None, each.name)]
    functions = {graph.actor[name].function for name in chosen}
    return dataclasses.replace(
        graph,
        arrays=(*graph.arrays, *(Array(name=array_name(name), type=type_) for name in chosen)),
        actors=tuple(
            dataclasses.replace(each, arrays=(*each.arrays, array_name(each.name))) if each.name in chosen else each
            for each in graph.actors
        ),
        specializations=_specializations(graph.specializations, functions, type_),
    )


def _specializations(
    bodies: Mapping[str, Specialization], functions: set[str], type_: TensorType
) -> dict[str, Specialization]:
    parameter = Parameter(name="recorded", kind="array", type=type_)
    return {
        name: dataclasses.replace(
            body,
            parameters=(*body.parameters, parameter),
            arrays={**body.arrays, len(body.parameters): (False, True)},
        )
        if name in functions
        else body
        for name, body in bodies.items()
    }
