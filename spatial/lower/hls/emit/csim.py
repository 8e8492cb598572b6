"""The program that runs a design in C-simulation, for whoever holds the other ends of its pipes."""

from collections.abc import Iterable, Iterator

from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.emit.codec import codec_text, file_bytes
from spatial.lower.hls.emit.top import Top
from spatial.lower.hls.emit.types import cpp_type, token_type
from spatial.lower.hls.emit.variables import StreamVariable
from spatial.types.tensor import element_of, size_of

__all__ = ["csim_text", "included"]

NOTICE = """\
// Runs `{name}` in C-simulation: processes take turns, channels hold as many tokens as the design says.
"""
FILES = """\
static std::vector<unsigned char> contents_(const char *path) {
    std::vector<unsigned char> bytes;
    std::FILE *file = std::fopen(path, "rb");
    unsigned char part[65536];
    while (std::size_t count = std::fread(part, 1, sizeof part, file)) bytes.insert(bytes.end(), part, part + count);
    std::fclose(file);
    return bytes;
}
"""
ARRAYS = """\
template <class T> static void take_(T *values, std::size_t count, std::size_t size, const unsigned char *&from) {
    for (std::size_t n = 0; n < count; ++n, from += size) load(values[n], from);
}
"""
RESULTS = """\
template <class T> static void give_(const T *values, std::size_t count, std::size_t size, std::FILE *to) {
    std::vector<unsigned char> bytes(count * size);
    for (std::size_t n = 0; n < count; ++n) store(values[n], bytes.data() + n * size);
    std::fwrite(bytes.data(), 1, bytes.size(), to);
}
"""
INPUTS = """\
template <class T> static void fill_(hls::stream<T> &stream, std::size_t size, const unsigned char *&from) {
    std::uint64_t count;
    std::memcpy(&count, from, sizeof count);
    from += sizeof count;
    for (std::uint64_t n = 0; n < count; ++n, from += size) {
        T token;
        load(token, from);
        stream.write(token);
    }
}
"""
OUTPUTS = """\
template <class T> static void drain_(hls::stream<T> &stream, std::size_t size, std::FILE *to) {
    std::vector<unsigned char> bytes;
    std::uint64_t count = 0;
    for (; !stream.empty(); ++count) {
        bytes.resize(bytes.size() + size);
        store(stream.read(), bytes.data() + count * size);
    }
    std::fwrite(&count, sizeof count, 1, to);
    std::fwrite(bytes.data(), 1, bytes.size(), to);
}
"""
SERVE = """\
static void serve_(const char *inputs_, const char *outputs_) {{
    const std::vector<unsigned char> given_ = contents_(inputs_);
    const unsigned char *from_ = given_.data();
{given}
{declared}    {call}
    spatial::csim::join();
    std::FILE *to_ = std::fopen(outputs_, "wb");
{results}
    std::fclose(to_);
}}
"""
PROCESS = '#define {0}(...) ::spatial::csim::starting("{0}", ({0}))(__VA_ARGS__)'
CALLED = "#define {0}(...) ::spatial::csim::calling(called_::{0}, ({0}))(__VA_ARGS__)"
CALLED_ALONE = "#define {0}(...) ::spatial::csim::calling(({0}))(__VA_ARGS__)"
DONE = "#undef {0}"
MAIN = """\
// Serves calls: a line on the standard input for each, with the file of its inputs and that for its outputs, which is
// answered by a line in the file whose number is given.
int main(int, char **arguments) {
    std::FILE *answers = fdopen(std::atoi(arguments[1]), "w");
    char line[8192];
    while (std::fgets(line, sizeof line, stdin)) {
        line[std::strcspn(line, "\\n")] = 0;
        char *outputs = std::strchr(line, '\\t');
        *outputs++ = 0;
        served_::serve_(line, outputs);
        std::fflush(stdout);
        std::fputs("done\\n", answers);
        std::fflush(answers);
    }
    return 0;
}
"""
INCLUDES = ("cstdint", "cstdio", "cstdlib", "cstring", "vector")


def csim_text(graph: ActorGraph, top: Top, written: frozenset[str]) -> str:
    """The text of `csim.cpp`; `written` are the arrays that the design writes, which a call gives back.

    The inputs of a call lie in one file, in the order of the parameters: the elements of arrays, numbers, and for each
    channel of an input stream its number of tokens in 8 bytes and the tokens. So do the outputs: the arrays that
    are written and the channels of output streams.
    """
    parts = [
        NOTICE.format(name=graph.name),
        "".join(f"#include <{header}>\n" for header in INCLUDES),
        included(top),
        "\nnamespace served_ {\n",
        _codec(graph, written),
        *([_table(top.streams)] if top.streams else []),
        _serve(graph, top, written),
        "}  // namespace served_\n",
        MAIN,
    ]
    return "\n".join(parts)


def included(top: Top) -> str:
    """What includes a design: calls of processes start them, calls of dataflow functions tell about their streams."""
    lines = ['#include "../kernel.h"', '#include "../processes.h"', '#include "spatial_csim.h"', ""]
    if not top.dataflow:
        return "\n".join([*lines, *_within(top.processes, PROCESS, "../kernel.cpp")])
    processes = dict.fromkeys(name for each in top.dataflow for name in each.processes)
    lines += [*_within(processes, PROCESS, "../dataflow.h"), "", "namespace called_ {"]
    lines += [_table(each.streams, each.name) for each in top.dataflow if each.streams]
    lines += ["}  // namespace called_", ""]
    for each in top.dataflow:
        lines.append((CALLED if each.streams else CALLED_ALONE).format(each.name))
    return "\n".join([*lines, '#include "../kernel.cpp"', *(DONE.format(each.name) for each in top.dataflow)])


def _within(names: Iterable[str], text: str, file: str) -> list[str]:
    """A file that is included while names stand for something else."""
    return [*map(text.format, names), f'#include "{file}"', *map(DONE.format, names)]


def _serve(graph: ActorGraph, top: Top, written: frozenset[str]) -> str:
    """The function that makes a call."""
    named = [(parameter, top.parameters[parameter.name]) for parameter in graph.parameters]
    return SERVE.format(
        given="\n".join(line for parameter, name in named for line in _given(parameter, name, graph)),
        declared="".join(f"    {line}\n" for line in _declared(top)),
        call=f"::{top.name}({', '.join(name for _, name in named)});",
        results="\n".join(line for parameter, name in named for line in _given_back(parameter, name, graph, written)),
    )


def _declared(top: Top) -> Iterator[str]:
    """What reports call tasks and streams."""
    for task in top.tasks:
        yield f'spatial::csim::named("{task}", {task});'
    if top.streams:
        yield "spatial::csim::declare(streams_);"


def _codec(graph: ActorGraph, written: frozenset[str]) -> str:
    """The functions that move elements between files and memory, as far as the design needs them."""
    kinds = {_kind(parameter, graph) for parameter in graph.parameters}
    needed = {
        FILES: True,
        ARRAYS: kinds & {"array", "scalar"},
        RESULTS: written,
        INPUTS: "input" in kinds,
        OUTPUTS: "output" in kinds,
    }
    codec = codec_text(
        parameter.type if parameter.stream else element_of(parameter.type) for parameter in graph.parameters
    )
    return "\n".join([codec, *(text for text, used in needed.items() if used)])


def _kind(parameter: Parameter, graph: ActorGraph) -> str:
    if not parameter.stream:
        return parameter.kind
    return "output" if parameter.name in graph.outputs else "input"


def _table(streams: Iterable[StreamVariable], name: str = "streams_") -> str:
    """What the streams of a function are called, in the order in which it declares them."""
    lines = [f"    {{{_entry(stream)}}}," for stream in streams]
    return "\n".join([f"static spatial::csim::declaration {name}[] = {{", *lines, "};", ""])


def _entry(stream: StreamVariable) -> str:
    """Its name, extents, depth, what is added to indices, and whether it is constructed in the first call only."""
    entry = f'"{stream.stream}", {_list(stream.shape)}, {stream.depth}, {_list(stream.origin)}'
    return f"{entry}, true" if stream.lasting else entry


def _list(numbers: Iterable[int]) -> str:
    return f"{{{', '.join(map(str, numbers))}}}"


def _given(parameter: Parameter, name: str, graph: ActorGraph) -> Iterator[str]:
    """The variable of a parameter, with what a call begins with."""
    kind, size = _kind(parameter, graph), size_of(parameter.type)
    match kind:
        case "array":
            element = element_of(parameter.type)
            yield f"    static {cpp_type(element)} {name}[{size}];"
            yield f"    take_({name}, {size}, {file_bytes(element)}, from_);"
        case "scalar":
            yield f"    {cpp_type(element_of(parameter.type))} {name};"
            yield f"    take_(&{name}, 1, {file_bytes(parameter.type)}, from_);"
        case _:
            extents = "".join(f"[{extent}]" for extent in parameter.shape)
            yield f"    static hls::stream<{token_type(parameter.type)}> {name}{extents};"
            yield f'    spatial::csim::label({name}, "{parameter.name}");'
            if kind == "input":
                yield from _each(parameter, name, f"fill_({{}}, {file_bytes(parameter.type)}, from_);")


def _given_back(parameter: Parameter, name: str, graph: ActorGraph, written: frozenset[str]) -> Iterator[str]:
    """What is written to the file of outputs."""
    if parameter.name in written:
        yield f"    give_({name}, {size_of(parameter.type)}, {file_bytes(element_of(parameter.type))}, to_);"
    elif parameter.name in graph.outputs:
        yield from _each(parameter, name, f"drain_({{}}, {file_bytes(parameter.type)}, to_);")


def _each(parameter: Parameter, name: str, statement: str) -> Iterator[str]:
    """A statement for each element of an array of streams."""
    variables = [f"at{axis}_" for axis in range(len(parameter.shape))]
    loops = [f"for (auto &{inner} : {outer}) " for outer, inner in zip([name, *variables], variables, strict=False)]
    yield "    " + "".join(loops) + statement.format(variables[-1] if variables else name)
