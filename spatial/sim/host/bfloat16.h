// `bfloat16`, which C++ for cores has and that of most machines has not: the upper half of a float, computed with as one.
#pragma once
#include <cstdint>
#include <cstring>

struct bfloat16 {
  uint16_t bits;

  bfloat16() = default;

  // To the nearest, of two as near to the even one; what is no number stays none.
  bfloat16(float value) {
    uint32_t word;
    std::memcpy(&word, &value, sizeof word);
    bool none = (word & 0x7fffffffu) > 0x7f800000u;
    bits = none ? (word >> 16) | 0x40u : (word + 0x7fffu + ((word >> 16) & 1u)) >> 16;
  }

  operator float() const {
    uint32_t word = uint32_t(bits) << 16;
    float value;
    std::memcpy(&value, &word, sizeof value);
    return value;
  }

  bfloat16 &operator+=(float other) { return *this = float(*this) + other; }
  bfloat16 &operator-=(float other) { return *this = float(*this) - other; }
  bfloat16 &operator*=(float other) { return *this = float(*this) * other; }
  bfloat16 &operator/=(float other) { return *this = float(*this) / other; }
};
