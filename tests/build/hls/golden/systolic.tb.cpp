// Test bench of systolic: calls it once with the data in a folder, and compares what it leaves with the results there.
// Ends with 0 where all agree, 1 where something differs, 2 where the data cannot be read.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "kernel.h"

namespace bench_ {

// Elements in files are little-endian, each in the least power of two of bytes that holds it.
template <int W> static void load(ap_int<W> &value, const unsigned char *bytes) {
    for (int low = 0; low < W; low += 8) {
        const int bits = W - low < 8 ? W - low : 8;
        value.range(low + bits - 1, low) = bytes[low / 8] & ((1 << bits) - 1);
    }
}
template <int W> static void store(const ap_int<W> &value, unsigned char *bytes) {
    int size = 1;
    while (8 * size < W) size *= 2;
    for (int low = 0; low < 8 * size; low += 8) {
        const int bits = W - low < 8 ? W - low : 8;
        bytes[low / 8] = bits > 0 ? static_cast<unsigned char>(value.range(low + bits - 1, low).to_uint()) : 0;
    }
}

typedef std::vector<unsigned char> Bytes;

static std::string folder = "data";
static std::size_t wrong = 0;

static Bytes contents(const std::string &name) {
    const std::string path = folder + "/" + name;
    Bytes bytes;
    std::FILE *file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) {
        std::printf("%s cannot be read\n", path.c_str());
        std::exit(2);
    }
    unsigned char part[65536];
    while (std::size_t count = std::fread(part, 1, sizeof part, file)) bytes.insert(bytes.end(), part, part + count);
    std::fclose(file);
    return bytes;
}

static void check_size(const Bytes &bytes, std::size_t wanted, const std::string &name) {
    if (bytes.size() == wanted) return;
    std::printf("%s/%s has %zu bytes, not %zu\n", folder.c_str(), name.c_str(), bytes.size(), wanted);
    std::exit(2);
}

template <class T> static void take(T *values, std::size_t count, std::size_t size, const std::string &file) {
    const Bytes bytes = contents(file);
    check_size(bytes, count * size, file);
    for (std::size_t n = 0; n < count; ++n) load(values[n], &bytes[n * size]);
}

template <class T> static bool same(const T &found, const T &golden) { return found == golden; }

static void print_bytes(const char *what, const unsigned char *bytes, std::size_t size) {
    std::printf("%s0x", what);
    while (size-- > 0) std::printf("%02x", bytes[size]);
}

// Counts an element that is not as it should be, and tells of the first few.
template <class T> static void judge(const char *name, std::size_t index, const T &found, const unsigned char *bytes, std::size_t size) {
    T golden = T();
    load(golden, bytes);
    if (same(found, golden) || ++wrong > 10) return;
    Bytes is(size), wanted(size);
    store(found, is.data());
    store(golden, wanted.data());
    std::printf("%s[%zu] differs: ", name, index);
    print_bytes("", is.data(), size);
    print_bytes(", not ", wanted.data(), size);
    std::printf("\n");
}

template <class T> static void compare(const char *name, const T *values, std::size_t count, std::size_t size, const std::string &file) {
    const Bytes bytes = contents(file);
    check_size(bytes, count * size, file);
    for (std::size_t n = 0; n < count; ++n) judge(name, n, values[n], &bytes[n * size], size);
}

}  // namespace bench_

static int spatial_test_bench() {
    static ap_int<8> A[16];
    bench_::take(A, 16, 1, "A.bin");
    static ap_int<8> B[16];
    bench_::take(B, 16, 1, "B.bin");
    static ap_int<32> C[16];
    bench_::take(C, 16, 4, "C.bin");

    systolic(A, B, C);

    bench_::compare("C", C, 16, 4, "C.golden.bin");
    if (bench_::wrong != 0) {
        std::printf("FAIL: of the results of systolic %zu differ\n", bench_::wrong);
        return 1;
    }
    std::printf("PASS: the results of systolic are as simulated\n");
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1) bench_::folder = argv[1];
    return spatial_test_bench();
}
