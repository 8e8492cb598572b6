"""An actor on a cycle of channels can be answered by its own tokens."""

from spatial.analysis.feedback import feedback
from spatial.build.simulate import compile_simulator
from spatial.region.definition import Region
from tests.sim.programs import actors

GET = "for k in range(2):\n    x: int32 = {}.get()"
PUT = "for k in range(2):\n    {}.put(k)"


def loopback(region: Region) -> dict[str, set[str]]:
    """For each kernel the channels of its first PE that lie on a cycle."""
    graph = compile_simulator(region).program.graph
    found = feedback(graph)
    return {
        actor.kernel: {actor.channels[position - len(actor.values)] for position in found[actor.function]}
        for actor in graph.actors
    }


def test_channels_of_a_chain_lie_on_no_cycle():
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        left=PUT.format("a"),
        middle="for k in range(2):\n    b.put(a.get())",
        right=GET.format("b"),
    )
    assert loopback(region) == {"left": set(), "middle": set(), "right": set()}


def test_reconvergent_channels_lie_on_no_cycle():
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]\nc: Stream[int32, 2]",
        split="for k in range(2):\n    a.put(k)\n    b.put(k)",
        detour="for k in range(2):\n    c.put(b.get())",
        join="for k in range(2):\n    x: int32 = a.get() + c.get()",
    )
    assert set().union(*loopback(region).values()) == set()


def test_a_question_and_its_answer_lie_on_a_cycle_and_what_leaves_it_does_not():
    region = actors(
        "ask: Stream[int32, 2]\nanswer: Stream[int32, 2]\nout: Stream[int32, 2]",
        client="for k in range(2):\n    ask.put(k)\n    out.put(answer.get())",
        server="for k in range(2):\n    answer.put(ask.get())",
        sink=GET.format("out"),
    )
    assert loopback(region) == {"client": {"ask", "answer"}, "server": {"ask", "answer"}, "sink": set()}


def test_a_self_loop_is_a_cycle():
    region = actors("a: Stream[int32, 2]", alone="for k in range(2):\n    a.put(k)\n    x: int32 = a.get()")
    assert loopback(region) == {"alone": {"a"}}
