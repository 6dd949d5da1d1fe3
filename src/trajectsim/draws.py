"""Stateless random numbers: what a draw is called decides what it is.

A draw is named by seed, replication, pupil, decision, item and occasion. Nothing is kept between draws, so that order,
chunks and workers change nothing, and another pupil, measure or policy disturbs nobody else's luck. Names are hashed
with BLAKE2b (RFC 7693); pupils and occasions are columns of integers and go through the finalizer of MurmurHash3 /
SplitMix64 (Steele, Lea & Flood 2014, doi 10.1145/2660193.2660195), element by element.

Only additions, multiplications, shifts and table look-ups are used, so that equal names give equal bits everywhere.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Reals = NDArray[np.float64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SEPARATOR = b"\x1f"


def word(*names: str | int) -> int:
    """64 bits for a sequence of names; "1" and 1 are different names, and so are "a", "b" and "ab"."""
    told = _SEPARATOR.join(f"{type(name).__name__}:{name}".encode() for name in names)
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "little")


@cache
def _named(*names: str | int) -> np.uint64:
    return np.uint64(word(*names))


def pupils(seed: int, replication: int, numbers: Any) -> Words:
    """The luck of pupils in a replication: a word each, to draw from. ``numbers``: integers of at least 0."""
    return _mixed(_column(numbers) * _GOLDEN ^ _named("pupil", seed, replication))


def words(luck: Words, decision: str, item: str, occasion: Any) -> Words:
    """64 random bits for each pupil. ``occasion``: an integer of at least 0, or a column of them."""
    which = _column(occasion) * _GOLDEN + _named(decision, item)
    return _mixed(luck + _mixed(which))


def uniform(luck: Words, decision: str, item: str, occasion: Any) -> Reals:
    """A number between 0 and 1, neither included, for each pupil."""
    return ((words(luck, decision, item, occasion) >> _11).astype(np.float64) + 0.5) * 2.0**-53


def normal(luck: Words, decision: str, item: str, occasion: Any) -> Reals:
    """A standard normal number for each pupil.

    The inverse of the normal distribution, from a table whose steps halve with the distance to the tail and linear in
    between: at most 2e-5 from the exact one, up to 6.2 standard deviations.
    """
    drawn = words(luck, decision, item, occasion)
    tail = (drawn >> np.uint64(64 - _BITS)).astype(np.float64) + 0.5  # in units of half of 2**-_BITS
    cell = (tail.view(np.uint64) >> np.uint64(52 - _FINE)).astype(np.int64) - _LOWEST
    level, slope = _table()
    size = level[cell] + slope[cell] * tail
    return np.where(drawn & np.uint64(1), size, -size)


def parameter_uniform(seed: int, replication: int, name: str) -> float:
    """The number between 0 and 1 that draws a parameter in a replication."""
    return ((word("parameter", seed, replication, name) >> 11) + 0.5) * 2.0**-53


# --- how it does it -----------------------------------------------------------------------------------------

_11 = np.uint64(11)
_BITS = 32
_FINE = 7
"""How many bits of the fraction tell the cells of one octave apart."""
_LOWEST = (1023 - 1) << _FINE  # the cell of 0.5: the biased exponent of a double, then the fraction


def _column(numbers: Any) -> Words:
    """Columns wrap around silently, where a single number would warn."""
    return np.asarray(numbers, np.uint64).reshape(-1)


def _mixed(bits: Words) -> Words:
    bits = (bits ^ (bits >> np.uint64(30))) * _FIRST
    bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
    return bits ^ (bits >> np.uint64(31))


@cache
def _table() -> tuple[Reals, Reals]:
    """For each cell the straight line from the size at its start to that at its end; a size is never negative."""
    octaves = _BITS + 1
    count = octaves << _FINE
    edges = [(1.0 + (n % (1 << _FINE)) / (1 << _FINE)) * 2.0 ** (n // (1 << _FINE) - 1) for n in range(count + 1)]
    inverse = NormalDist().inv_cdf
    sizes = [-inverse(min(edge * 0.5 * 2.0**-_BITS, 0.5)) for edge in edges]
    slopes = [(sizes[n + 1] - sizes[n]) / (edges[n + 1] - edges[n]) for n in range(count)]
    levels = [sizes[n] - slopes[n] * edges[n] for n in range(count)]
    return np.array(levels), np.array(slopes)
