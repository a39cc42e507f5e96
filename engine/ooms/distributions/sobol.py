"""Sobol points, addressed: the number of any draw of any parameter follows from its name and seed alone.

Every parameter owns one dimension of the Sobol sequence for good (`ooms.parameters.Parameter.column`), scrambled by a
key made from the seed, the randomisation and the parameter's name. So adding a parameter, doubling the number of draws,
other block sizes or threads, and resuming leave every other draw the same to the last bit.

The scrambling is a random linear one with a digital shift (Matousek 1998): the variance of Owen's nested scrambling,
at the cost of scrambling the 32 direction numbers once. Draw j is point j // R of randomisation j % R.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["DIMENSIONS", "direction_numbers", "scrambled", "uniforms"]

Words = NDArray[np.uint64]

_BITS = 32  # direction numbers, so at most 2**32 points in each randomisation

# Joe & Kuo (2008), new-joe-kuo-6.21201: primitive polynomial, then initial direction numbers, of dimensions 2, 3, ...
_JOE_KUO = """
3 1, 7 1 3, 11 1 3 1, 13 1 1 1
19 1 1 3 3, 25 1 3 5 13, 37 1 1 5 5 17, 41 1 1 5 5 5
47 1 1 7 11 19, 55 1 1 5 1 1, 59 1 1 1 3 11, 61 1 3 5 5 31
67 1 3 3 9 7 49, 91 1 1 1 15 21 21, 97 1 3 1 13 27 49, 103 1 1 1 15 7 5
109 1 3 1 15 13 25, 115 1 1 5 5 19 61, 131 1 3 7 11 23 15 103, 137 1 3 7 13 13 15 69
143 1 1 3 13 7 35 63, 145 1 3 5 9 1 25 53, 157 1 3 1 13 9 35 107, 167 1 3 1 5 27 61 31
171 1 1 5 11 19 41 61, 185 1 3 5 3 3 13 69, 191 1 1 7 13 1 19 1, 193 1 3 7 5 13 19 59
203 1 1 3 9 25 29 41, 211 1 3 5 13 23 1 55, 213 1 3 7 3 13 59 17, 229 1 3 1 3 5 53 69
239 1 1 5 5 23 33 13, 241 1 1 7 7 1 61 123, 247 1 1 7 9 13 61 49, 253 1 3 3 5 3 55 33
285 1 3 1 15 31 13 49 245, 299 1 3 5 15 31 59 63 97, 301 1 3 1 11 11 11 77 249, 333 1 3 1 11 27 43 71 9
351 1 1 7 15 21 11 81 45, 355 1 3 7 3 25 31 65 79, 357 1 3 1 1 19 11 3 205, 361 1 1 5 9 19 21 29 157
369 1 3 7 11 1 33 89 185, 391 1 3 3 3 15 9 79 71, 397 1 3 7 11 15 39 119 27, 425 1 1 3 1 11 31 97 225
451 1 1 1 3 23 43 57 177, 463 1 3 7 7 17 17 37 71, 487 1 3 1 5 27 63 123 213, 501 1 1 3 5 11 43 53 133
529 1 3 5 5 29 17 47 173 479, 539 1 3 3 11 3 1 109 9 69, 545 1 1 1 5 17 39 23 5 343, 557 1 3 1 5 25 15 31 103 499
563 1 1 1 11 11 17 63 105 183, 601 1 1 5 11 9 29 97 231 363, 607 1 1 5 15 19 45 41 7 383, 617 1 3 7 7 31 19 83 137 221
623 1 1 1 3 23 15 111 223 83, 631 1 1 5 13 31 15 55 25 161, 637 1 1 3 13 25 47 39 87 257, 647 1 1 1 11 21 53 125 249 293
661 1 1 7 11 11 7 57 79 323, 675 1 1 5 5 17 13 81 3 131, 677 1 1 7 13 23 7 65 251 475, 687 1 3 5 1 9 43 3 149 11
695 1 1 3 13 31 13 13 255 487, 701 1 3 3 1 5 63 89 91 127, 719 1 1 3 3 1 19 123 127 237, 721 1 1 5 7 23 31 37 243 289
731 1 1 5 11 17 53 117 183 491, 757 1 1 1 5 1 13 13 209 345, 761 1 1 3 15 1 57 115 7 33, 787 1 3 1 11 7 43 81 207 175
789 1 3 1 1 15 27 63 255 49, 799 1 3 5 3 27 61 105 171 305, 803 1 1 5 3 1 3 57 249 149
817 1 1 3 5 5 57 15 13 159, 827 1 1 1 11 7 11 105 141 225, 847 1 3 3 5 27 59 121 101 271, 859 1 3 5 9 11 49 51 59 115
865 1 1 7 1 23 45 125 71 419, 875 1 1 3 5 23 5 105 109 75, 877 1 1 7 15 7 11 67 121 453, 883 1 3 7 3 9 13 31 27 449
895 1 3 1 15 19 39 39 89 15, 901 1 1 1 1 1 33 73 145 379, 911 1 3 1 15 15 43 29 13 483, 949 1 1 7 3 19 27 85 131 431
953 1 3 3 3 5 35 23 195 349, 967 1 3 3 7 9 27 39 59 297, 971 1 1 3 9 11 17 13 241 157, 973 1 3 7 15 25 57 33 189 213
981 1 1 7 1 9 55 73 83 217, 985 1 3 3 13 19 27 23 113 249, 995 1 3 5 3 23 43 3 253 479, 1001 1 1 5 5 11 5 45 117 217
1019 1 3 3 7 29 37 33 123 147, 1033 1 3 1 15 5 5 37 227 223 459, 1051 1 1 7 5 5 39 63 255 135 487
1063 1 3 1 7 9 7 87 249 217 599, 1069 1 1 3 13 9 47 7 225 363 247, 1125 1 3 7 13 19 13 9 67 9 737
1135 1 3 5 5 19 59 7 41 319 677, 1153 1 1 5 3 31 63 15 43 207 789, 1163 1 1 7 9 13 39 3 47 497 169
1221 1 3 1 7 21 17 97 19 415 905, 1239 1 3 7 1 3 31 71 111 165 127, 1255 1 1 5 11 1 61 83 119 203 847
"""


@lru_cache
def direction_numbers(dimension: int) -> Words:
    """Direction numbers of one dimension of the Sobol sequence, as binary fractions of 2**64.

    Parameters
    ----------
    dimension : int
        From 0 (the van der Corput sequence) to `DIMENSIONS` - 1.

    Source
    ------
    Joe & Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008).

    Examples
    --------
    >>> [int(v) >> 61 for v in direction_numbers(1)[:3]]
    [4, 6, 5]
    """
    if dimension == 0:
        return np.uint64(1) << np.arange(63, 63 - _BITS, -1, dtype=np.uint64)
    polynomial, *initial = _TABLE[dimension - 1]
    degree = len(initial)
    v = [m << (63 - k) for k, m in enumerate(initial)]
    for k in range(degree, _BITS):
        new = v[k - degree] ^ (v[k - degree] >> degree)
        for i in range(1, degree):
            if polynomial >> (degree - i) & 1:
                new ^= v[k - i]
        v.append(new)
    return np.array(v[:_BITS], dtype=np.uint64)


_TABLE = [[int(word) for word in row.split()] for row in _JOE_KUO.replace("\n", ",").split(",") if row.strip()]

DIMENSIONS = len(_TABLE) + 1
"""How many dimensions there are."""


def _keys(name: str, seed: int, randomisations: int) -> Words:
    """Random words that belong to this parameter, seed and randomisation (SHAKE-256 of their names), one row each."""
    texts = [f"ooms sobol 1/{seed}/{r}/{name}".encode() for r in range(randomisations)]
    digests = b"".join(hashlib.shake_256(text).digest(8 * (_BITS + 1)) for text in texts)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64).reshape(randomisations, _BITS + 1)


@lru_cache(maxsize=256)
def scrambled(name: str, dimension: int, seed: int, randomisations: int) -> tuple[Words, Words]:
    """Scrambled direction numbers of a parameter, shape (32, R), and its digital shifts, shape (R,).

    Bit i of a scrambled number is bit i of the plain one plus a random combination of the bits above it.
    """
    keys = _keys(name, seed, randomisations)
    plain = direction_numbers(dimension)[:, None]
    mixed = np.zeros((_BITS, randomisations), dtype=np.uint64)
    for bit in range(_BITS):
        unit = np.uint64(1 << (63 - bit))
        lower = unit | (keys[:, bit] & (unit - np.uint64(1)))
        mixed ^= np.where(plain & unit, lower, np.uint64(0))
    return mixed, keys[:, -1]


def uniforms(directions: Words, shifts: Words, start: int, count: int) -> NDArray[np.float64]:
    """Points start, ..., start + count - 1 of every randomisation, strictly between 0 and 1.

    Parameters
    ----------
    directions : array of uint64, shape (32, R)
        Scrambled direction numbers of R randomisations.
    shifts : array of uint64, shape (R,)
        Their digital shifts.
    start, count : int
        count is a power of two and start a multiple of it.

    Returns
    -------
    array, shape (count * R,)
        Draw (start + i) * R + r is point start + i of randomisation r.
    """
    first = shifts.copy()
    for bit in range(_BITS):
        if start >> bit & 1:
            first ^= directions[bit]
    points = first[None, :]
    for bit in range(count.bit_length() - 1):
        points = np.concatenate([points, points ^ directions[bit]])
    return ((points >> np.uint64(12)).astype(np.float64).ravel() + 0.5) * 2.0**-52
