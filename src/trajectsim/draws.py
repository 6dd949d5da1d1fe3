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
from math import log
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Reals = NDArray[np.float64]
Singles = NDArray[np.float32]

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


@cache
def key(decision: str, item: str, occasion: int) -> np.uint64:
    """What the draws of all pupils share that are called alike. ``occasion``: an integer of at least 0."""
    return keys(decision, item, occasion)[0]


def keys(decision: str, item: str, occasions: Any) -> Words:
    """The same for a column of occasions."""
    return _mixed(_column(occasions) * _GOLDEN + _named(decision, item))


def drawn(luck: Words, key: Any) -> Words:
    """64 random bits for each pupil. ``key``: one, or a column of them."""
    bits = luck + key
    rest = bits >> _30
    np.bitwise_xor(bits, rest, out=bits)
    np.multiply(bits, _FIRST, out=bits)
    np.right_shift(bits, _27, out=rest)
    np.bitwise_xor(bits, rest, out=bits)
    np.multiply(bits, _SECOND, out=bits)
    np.right_shift(bits, _31, out=rest)
    return np.bitwise_xor(bits, rest, out=bits)


def words(luck: Words, decision: str, item: str, occasion: Any) -> Words:
    """64 random bits for each pupil. ``occasion``: an integer of at least 0, or a column of them."""
    named = key(decision, item, occasion) if isinstance(occasion, int) else keys(decision, item, occasion)
    return drawn(luck, named)


def uniform(words: Words) -> Reals:
    """A number between 0 and 1, neither included, for each word."""
    return ((words >> _11).astype(np.float64) + 0.5) * 2.0**-53


def normals(words: Words) -> tuple[Singles, Singles, Singles, Singles]:
    """Four independent standard normal numbers for each word, each in one of ``PARTS`` steps."""
    table = _normals()
    one, two, three, four = (table.take(part) for part in _parts(words))
    return one, two, three, four


def normal(words: Words, which: int = 0) -> Singles:
    """One of the four."""
    return _normals().take(_part(words, which))


def logistic(words: Words) -> Singles:
    """A standard logistic number for each word: below x with the chance whose logit is x."""
    return _logistics().take(_part(words, 0))


def below(words: Words, choices: Any) -> NDArray[np.intp]:
    """A whole number from 0 up to but not including ``choices`` (one, or a column), for each word, all as likely."""
    return ((words >> _32) * np.asarray(choices, np.uint64) >> _32).astype(np.intp)


def parameter_uniform(seed: int, replication: int, name: str) -> float:
    """The number between 0 and 1 that draws a parameter in a replication."""
    return ((word("parameter", seed, replication, name) >> 11) + 0.5) * 2.0**-53


def prepare() -> None:
    """Make the tables, which are otherwise made when they are first asked for."""
    _normals()
    _logistics()


# --- how it does it -----------------------------------------------------------------------------------------

PARTS = 1 << 16
"""How many different numbers a quarter of a word tells apart."""
_11, _27, _30, _31, _32 = (np.uint64(n) for n in (11, 27, 30, 31, 32))


def _column(numbers: Any) -> Words:
    """Columns wrap around silently, where a single number would warn."""
    return np.asarray(numbers, np.uint64).reshape(-1)


def _mixed(bits: Words) -> Words:
    return drawn(bits, _ZERO)


_ZERO = np.uint64(0)


def _parts(words: Words) -> tuple[NDArray[np.intp], ...]:
    """The four quarters of each word, the highest first."""
    return tuple(_part(words, which) for which in range(4))


def _part(words: Words, which: int) -> NDArray[np.intp]:
    """A quarter of each word; by a shift, for the order of bytes is a machine's own."""
    part = words >> np.uint64(48 - 16 * which)
    return np.bitwise_and(part, _QUARTER, out=part).view(np.intp)


_QUARTER = np.uint64(PARTS - 1)


@cache
def _normals() -> Singles:
    """The middle of each step of a quarter of a word, as a quantile of the normal distribution; symmetric about 0."""
    inverse, half = NormalDist().inv_cdf, PARTS // 2
    upper = np.array([-inverse((n + 0.5) / PARTS) for n in range(half)], np.float32)
    return np.concatenate((-upper, upper[::-1]))


@cache
def _logistics() -> Singles:
    """The same of the logistic distribution."""
    return np.array([log((n + 0.5) / (PARTS - n - 0.5)) for n in range(PARTS)], np.float32)
