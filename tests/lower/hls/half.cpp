// Reads lines "a b" of bits and prints the bits of half operations; NaN as 7e00.
#include <hls_math.h>

#include <cstdio>

static unsigned bits(half x) { return x != x ? 0x7e00u : x.get_bits(); }

int main() {
    unsigned first, second;
    double number;
    while (std::scanf("%x %x %la", &first, &second, &number) == 3) {
        const half a = half::from_bits(static_cast<std::uint16_t>(first));
        const half b = half::from_bits(static_cast<std::uint16_t>(second));
        std::printf("%04x %04x %04x %04x %04x %04x %d %d %d\n", bits(a + b), bits(a - b), bits(a * b), bits(a / b),
                    bits(hls::sqrt(a)), bits(half(number)), a < b, a == b, a >= b);
    }
    return 0;
}
