// Pixels of red, green, blue and alpha become gray, with weights of ITU-R BT.601 in parts of 256.
#include <cstdint>

extern "C" void gray(const uint8_t *pixels, uint8_t *out, int32_t count) {
  for (int32_t i = 0; i < count; i++)
    out[i] = (77 * pixels[4 * i] + 150 * pixels[4 * i + 1] + 29 * pixels[4 * i + 2]) >> 8;
}
