"""The first P primes, by a chain of PEs that each strike out the multiples of one.

The numbers from 2 on pass through the chain. The first number that reaches a PE is a prime; the PE keeps it and hands
on all that it does not divide. A zero ends the numbers. How many tokens a channel carries depends on their values.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from tests.conformance.program import Program


def make(P, N, depth=2):
    @sp.region()
    def sieve(limit: int32, primes: int32[P]):
        numbers: Stream[int32, depth][P]

        @sp.kernel(args=[limit])
        def source(limit: int32):
            for number in range(2, limit):
                numbers[0].put(number)
            numbers[0].put(0)

        @sp.kernel(mapping=[P], args=[primes])
        def strike(primes: int32[P]):
            p = sp.get_pid()
            prime = numbers[p].get()
            primes[p] = prime
            number: int32 = prime
            while number != 0:
                number = numbers[p].get()
                with sp.meta_if(p + 1 < P):
                    if number == 0 or number % prime != 0:
                        numbers[p + 1].put(number)

    return sieve


def reference(size, limit):
    numbers = range(2, int(limit))
    return np.array([n for n in numbers if all(n % d for d in range(2, n))], dtype=np.int32)


PROGRAM = Program(
    name="sieve",
    make=make,
    sizes=((1, 3), (4, 8), (8, 20)),
    inputs=lambda random, P, N: (np.int32(N),),
    reference=reference,
)
