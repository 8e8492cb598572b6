"""What functions hold that no kernel does: calls of others, memory of each iteration."""

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.dialect import context
from spatial.ir.mlir import ir

CALLS = """
module {
  func.func @caller(%A: memref<4xi32>, %B: memref<4xi32>, %n: index) {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    scf.for %i = %zero to %n step %one {
      func.call @silent(%A, %i) : (memref<4xi32>, index) -> ()
      func.call @telling(%B) : (memref<4xi32>) -> ()
    }
    return
  }
  func.func private @silent(%A: memref<4xi32>, %i: index) {
    return
  }
  func.func private @telling(%B: memref<4xi32>) {
    "df.print"() {pieces = [], end = ""} : () -> ()
    return
  }
  func.func @twice(%A: memref<4xi32>) {
    func.call @two(%A, %A) : (memref<4xi32>, memref<4xi32>) -> ()
    return
  }
  func.func private @two(%X: memref<4xi32>, %Y: memref<4xi32>) {
    %zero = arith.constant 0 : index
    %value = memref.load %X[%zero] : memref<4xi32>
    memref.store %value, %Y[%zero] : memref<4xi32>
    return
  }
}
"""
INSIDE = """
module {
  func.func @f(%A: memref<4xi32>) {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %four = arith.constant 4 : index
    scf.for %i = %zero to %four step %one {
      %t = memref.alloca() {df.name = "t"} : memref<4xi32>
      scf.for %j = %zero to %four step %one {
        %value = memref.load %A[%j] : memref<4xi32>
        memref.store %value, %t[%zero] : memref<4xi32>
      }
    }
    return
  }
}
"""


def parsed(text):
    with context(), ir.Location.unknown():
        return ir.Module.parse(text)


def functions(module):
    return {op.name.value: op for op in module.body.operations}


def test_a_call_may_do_anything_to_what_it_is_given():
    module = parsed(CALLS)
    dependences = Dependences.of(functions(module)["caller"])
    found = [(access.resource.kind, access.indices, access.reads, access.writes) for access in dependences.accesses]
    assert found == [
        ("array", (None,), True, True),
        ("array", (None,), True, True),
        ("messages", (), False, True),
    ]
    assert [each.distance for each in dependences.all] == [(None,)] * 3


def test_parameters_that_a_caller_gives_one_array_are_one():
    module = parsed(CALLS)
    (dependence,) = Dependences.of(functions(module)["two"]).all
    assert (dependence.kind, dependence.distance) == ("anti", ())


def test_each_iteration_has_the_memory_that_it_allocates():
    module = parsed(INSIDE)
    dependences = Dependences.of(functions(module)["f"])
    outer, inner = dependences.loops
    assert not dependences.carried(outer)
    assert [(each.source.resource.name, each.kind) for each in dependences.carried(inner)] == [("t", "output")]
