"""Exported projects: the host program is C++ whatever arrays are called, and the compiler is asked as it wants it."""

import shutil
import subprocess

import pytest

import spatial as sp
from spatial import Stream, bfloat16

RUNTIME = """
#pragma once
#include <cstddef>
#include <vector>
enum { XCL_BO_FLAGS_CACHEABLE, XRT_BO_FLAGS_HOST_ONLY, XCL_BO_SYNC_BO_TO_DEVICE, XCL_BO_SYNC_BO_FROM_DEVICE };
namespace xrt {
struct xclbin { explicit xclbin(const char *) {} int get_uuid() const { return 0; } };
struct device { explicit device(int) {} void register_xclbin(const xclbin &) {} };
struct hw_context { hw_context(const device &, int) {} };
struct bo {
  std::vector<unsigned char> data;
  bo(const device &, size_t size, int, int) : data(size) {}
  template <typename T> T map() { return reinterpret_cast<T>(data.data()); }
  void sync(int) {}
};
struct run { void wait() {} };
struct kernel {
  kernel(const hw_context &, const char *) {}
  int group_id(int) { return 0; }
  run operator()(int, bo &, unsigned, bo &from, bo &to) { to.data = from.data; return {}; }
};
}
"""

HEADERS = ("bo", "device", "hw_context", "kernel")


@sp.region()
def copy(kernel: bfloat16[64], n: bfloat16[64]):
    before: Stream[bfloat16[16], 2]
    behind: Stream[bfloat16[16], 2]

    @sp.kernel(args=[kernel])
    def load(kernel: bfloat16[64]):
        for i in range(4):
            before.put(kernel[i * 16 : (i + 1) * 16])

    @sp.kernel
    def work():
        for _ in range(4):
            a = before.get()
            b: bfloat16[16]
            for i in range(16):
                b[i] = a[i] + 1
            behind.put(b)

    @sp.kernel(args=[n])
    def store(n: bfloat16[64]):
        for i in range(4):
            n[i * 16 : (i + 1) * 16] = behind.get()


@pytest.fixture
def project(tmp_path):
    return sp.build(copy, target="aie", mode="project", path=tmp_path / "project").project.path


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")
def test_host_program_is_compiled_whatever_arrays_are_called(project):
    (project / "include" / "xrt").mkdir(parents=True)
    for name in HEADERS:
        (project / "include" / "xrt" / f"xrt_{name}.h").write_text(RUNTIME)
    (project / "build").mkdir()
    (project / "build" / "insts.bin").write_bytes(bytes(8))
    options = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-Iinclude", "-I."]
    subprocess.run(["g++", *options, "host.cpp", "-o", "host"], cwd=project, check=True)
    said = subprocess.run(["./host"], cwd=project, check=True, capture_output=True, text=True).stdout
    assert "n[0] = 0" in said


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
@pytest.mark.parametrize(("help", "asked"), [("--get-xclbin", "--get-xclbin"), ("", "--aie-generate-xclbin")])
def test_compiler_is_asked_with_the_options_that_it_has(project, tmp_path, help, asked):
    compiler = tmp_path / "aiecc"
    compiler.write_text(f"#!/bin/sh\nif [ $1 = --help ]; then echo {help}; else echo $PEANO_INSTALL_DIR $@; fi\n")
    compiler.chmod(0o755)
    options = [f"AIECC={compiler}", "PEANO_INSTALL_DIR=/peano"]
    made = subprocess.run(["make", "-s", "-C", project, *options], check=True, capture_output=True, text=True)
    assert made.stdout.split()[:2] == ["/peano", asked]
    assert "--xclbin-name=final.xclbin" in made.stdout
