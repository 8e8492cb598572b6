"""A transformer block of 16 tokens of 64 numbers: products in int8 on systolic arrays, the rest in float32."""
