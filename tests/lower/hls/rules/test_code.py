"""Checks of the C++ that we write find what Vitis HLS would not take, and nothing else."""

import pytest

from spatial.lower.hls.rules.judge import broken_in_code, check_code
from spatial.lower.hls.rules.table import RULES
from spatial.source.errors import InternalError

HEADER = """
struct fifo_token {
  float data[4];
};

extern "C" void top(const ap_int<8> *A, int n, ap_int<8> *C);
"""
PROCESSES = """
// load.py:3
static void load(int i, hls::stream<ap_int<8> > &fifo, const ap_int<8> *A) {
#pragma HLS inline off
  k: for (int k = 0; k < 4; k++) {
    if (A[k] > 0) break;
    fifo.write(A[i * 4 + k]);
  }
}

static void pe(hls::stream<ap_int<8> > &fifo_in, hls::stream<ap_int<8> > &fifo_out) {
  for (int k = 0; k < 4; k++) {
    fifo_out.write(fifo_in.read());
  }
}

static void store(hls::stream<ap_int<8> > &fifo, ap_int<8> *C, int n) {
#ifndef __SYNTHESIS__
  std::printf("%d\\n", n);
#endif
  for (int k = 0; k < n; k++) {
    C[k] = fifo.read();
  }
}
"""
KERNEL = """
#include "kernel.h"
#include "processes.h"

extern "C" void top(const ap_int<8> *A, int n, ap_int<8> *C) {
#pragma HLS interface m_axi port=A offset=slave bundle=gmem_a depth=4
#pragma HLS interface s_axilite port=n bundle=control
#pragma HLS dataflow
  hls::stream<ap_int<8> > fifo[4];  // four of them
#pragma HLS stream variable=fifo depth=2
  load(0, fifo[0], A);
  for (int i = 0; i < 3; ++i) {
#pragma HLS unroll
    pe(fifo[i], fifo[i + 1]);
  }
  store(fifo[3], C, n);
}
"""
BROKEN = {
    "stream-ends": [(KERNEL, "fifo[i], fifo[i + 1]", "fifo[i], fifo[i]"), (KERNEL, "fifo[4];", "fifo[5];")],
    "argument-process": [(KERNEL, "  store(fifo[3]", "  load(1, fifo[3], A);\n  store(fifo[3]")],
    "loop-exit": [
        (KERNEL, "i < 3; ++i", "i < n; ++i"),
        (KERNEL, "    pe(", "    if (n) break;\n    pe("),
        (KERNEL, "    pe(", "    return;\n    pe("),
    ],
    "loop-carried": [(KERNEL, "    pe(", "    sum += i;\n    pe(")],
    "canonical-body": [
        (KERNEL, "#pragma HLS unroll\n", ""),
        (KERNEL, "    pe(", "    i++;\n    pe("),
        (KERNEL, "  store(", "  elsewhere(n);\n  store("),
    ],
    "canonical-variables": [(KERNEL, "(int i = 0", "(i = 0"), (KERNEL, "C, n);", "C, count);")],
    "dataflow-place": [
        (KERNEL, "#pragma HLS dataflow\n", ""),
        (KERNEL, "#pragma HLS unroll\n", "#pragma HLS unroll\n#pragma HLS dataflow\n"),
    ],
    "stream-depth": [(KERNEL, "#pragma HLS stream variable=fifo depth=2\n", "")],
    "scalar-address": [(KERNEL, "C, n);", "C, &n);")],
    "struct-pointer": [(HEADER, "float data[4];", "float *data;")],
    "unconditional": [(KERNEL, "  store(fifo[3], C, n);", "  if (n > 0) {\n    store(fifo[3], C, n);\n  }")],
    "void": [(PROCESSES, "static void store", "static int store")],
    "process-ends": [(PROCESSES, "for (int k = 0; k < n; k++)", "while (true)")],
    "empty-start": [(KERNEL, "fifo[4];", "fifo[4] = {};"), (KERNEL, "  hls::stream", "  static hls::stream")],
    "producer-first": [(KERNEL, "i = 0; i < 3; ++i", "i = 2; i >= 0; --i")],
}
CASES = [pytest.param(name, *case, id=f"{name}-{n}") for name, cases in BROKEN.items() for n, case in enumerate(cases)]


def files(changed="", old="", new=""):
    """The three files, one of them changed."""
    texts = (HEADER, PROCESSES, KERNEL)
    names = ("kernel.h", "processes.h", "kernel.cpp")
    assert not old or old in changed
    return {
        name: text.replace(old, new) if old and text == changed else text
        for name, text in zip(names, texts, strict=True)
    }


def test_nothing_is_wrong_with_what_is_legal():
    assert broken_in_code(files(), "top") == {}


@pytest.mark.parametrize(("rule", "changed", "old", "new"), CASES)
def test_code_that_breaks_a_rule_is_found(rule, changed, old, new):
    assert rule in broken_in_code(files(changed, old, new), "top")


def test_every_rule_about_code_is_broken_by_some():
    assert {rule.name for rule in RULES if rule.code} == BROKEN.keys()


def test_broken_code_is_our_mistake_and_names_the_code():
    with pytest.raises(InternalError, match=r"stream-depth \(HLS 200-805\): the stream `fifo` has no depth"):
        check_code(files(KERNEL, "#pragma HLS stream variable=fifo depth=2\n", ""), "top")


def test_code_without_its_top_function_is_no_legal_code():
    with pytest.raises(InternalError):
        check_code(files(), "other")


def test_tasks_run_in_any_order():
    tasks = KERNEL.replace("pe(fifo[i], fifo[i + 1]);", "tasks[i](pe, fifo[2 - i], fifo[3 - i]);")
    plain = KERNEL.replace("pe(fifo[i], fifo[i + 1]);", "pe(fifo[2 - i], fifo[3 - i]);")
    tasks = tasks.replace("  load(", "  hls_thread_local hls::task tasks[3];\n  load(")
    assert broken_in_code({**files(), "kernel.cpp": tasks}, "top") == {}
    assert broken_in_code({**files(), "kernel.cpp": plain}, "top").keys() == {"producer-first"}


def test_a_process_may_hand_its_streams_on():
    held = "static void held(hls::stream<ap_int<8> > &a, hls::stream<ap_int<8> > &b) {\n  pe(a, b);\n}\n"
    inner = PROCESSES.replace("static void store(", f"{held}\nstatic void store(")
    kernel = KERNEL.replace("    pe(fifo", "    held(fifo")
    assert broken_in_code({**files(), "kernel.cpp": kernel, "processes.h": inner}, "top") == {}
    assert "stream-ends" in broken_in_code(
        {**files(), "kernel.cpp": kernel, "processes.h": inner.replace("pe(a, b)", "pe(a, a)")}, "top"
    )


def test_loops_may_run_down_and_in_steps():
    kernel = KERNEL.replace("i = 0; i < 3; ++i", "i = 4; i >= 0; i -= 2")
    kernel = kernel.replace("pe(fifo[i], fifo[i + 1]);", "pe(fifo[-1 * i + 4], fifo[5 - i]);").replace(
        "fifo[4];", "fifo[6];"
    )
    assert broken_in_code({**files(), "kernel.cpp": kernel}, "top")["stream-ends"] == [
        f"`fifo[{index}]` is {how} by 0 processes"
        for index, how in ((1, "read"), (2, "written"), (4, "written"), (5, "read"))
    ]


def test_processes_that_feed_each_other_are_in_no_order():
    feeding = KERNEL.replace(
        "  load(0, fifo[0], A);\n", "  load(0, fifo[0], A);\n  pe(back, there);\n  pe(there, back);\n"
    )
    feeding = feeding.replace("  load(", "  hls::stream<ap_int<8> > there, back;\n  load(", 1)
    assert "producer-first" not in broken_in_code({**files(), "kernel.cpp": feeding}, "top")
