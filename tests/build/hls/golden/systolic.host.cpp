// Runs systolic on a device through the Xilinx runtime, with the data of the test bench, and compares the results.
// Usage: host <xclbin> [folder of the data, default: data]
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "xrt/xrt_bo.h"
#include "xrt/xrt_device.h"
#include "xrt/xrt_kernel.h"

namespace {

// The bytes of a file, of which there must be so many.
std::vector<char> read_file(const std::string &path, std::size_t bytes) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> content(bytes);
    if (!file.read(content.data(), static_cast<std::streamsize>(bytes)) || file.peek() != EOF) {
        throw std::runtime_error(path + " does not hold " + std::to_string(bytes) + " bytes");
    }
    return content;
}

// How many elements differ in their low bits; the first of them is told.
std::size_t differences(const char *name, const std::vector<char> &golden, const std::vector<char> &found, std::size_t size, std::size_t bits) {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < golden.size() / size; ++i) {
        bool same = true;
        for (std::size_t low = 0; low < bits; low += 8) {
            const unsigned mask = bits - low < 8 ? (1u << (bits - low)) - 1 : 0xff;
            const std::size_t at = i * size + low / 8;
            same = same && (golden[at] & mask) == (found[at] & mask);
        }
        if (!same && wrong++ == 0) std::printf("%s[%zu] differs\n", name, i);
    }
    return wrong;
}

int run(const std::string &xclbin, const std::string &data) {
    xrt::device device(0);
    const auto uuid = device.load_xclbin(xclbin);
    xrt::kernel kernel(device, uuid, "systolic");
    xrt::run call(kernel);

    // A: int8[4, 4], in, 1 bytes an element
    const std::size_t bytes_A = 16;
    xrt::bo buffer_A(device, bytes_A, kernel.group_id(0));
    buffer_A.write(read_file(data + "/A.bin", bytes_A).data());
    buffer_A.sync(XCL_BO_SYNC_BO_TO_DEVICE);
    call.set_arg(0, buffer_A);

    // B: int8[4, 4], in, 1 bytes an element
    const std::size_t bytes_B = 16;
    xrt::bo buffer_B(device, bytes_B, kernel.group_id(1));
    buffer_B.write(read_file(data + "/B.bin", bytes_B).data());
    buffer_B.sync(XCL_BO_SYNC_BO_TO_DEVICE);
    call.set_arg(1, buffer_B);

    // C: int32[4, 4], out, 4 bytes an element
    const std::size_t bytes_C = 64;
    xrt::bo buffer_C(device, bytes_C, kernel.group_id(2));
    buffer_C.write(read_file(data + "/C.bin", bytes_C).data());
    buffer_C.sync(XCL_BO_SYNC_BO_TO_DEVICE);
    call.set_arg(2, buffer_C);

    const auto begin = std::chrono::steady_clock::now();
    call.start();
    call.wait();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
    std::printf("systolic took %.1f us, with the time to start it\n", took.count());

    std::size_t wrong = 0;
    {
        std::vector<char> found(bytes_C);
        buffer_C.sync(XCL_BO_SYNC_BO_FROM_DEVICE);
        buffer_C.read(found.data());
        const auto golden = read_file(data + "/C.golden.bin", bytes_C);
        wrong += differences("C", golden, found, 4, 32);
    }
    if (wrong != 0) {
        std::printf("FAIL: %zu elements differ\n", wrong);
        return 1;
    }
    std::printf("PASS: all results are as simulated\n");
    return 0;
}

}  // namespace

int main(int argc, char **argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s <xclbin> [data]\n", argv[0]);
        return 2;
    }
    try {
        return run(argv[1], argc > 2 ? argv[2] : "data");
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
