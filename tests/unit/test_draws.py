"""Stateless draws: known answers, names that do not run together, and numbers that behave as random ones."""

from __future__ import annotations

from hashlib import blake2b
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim import draws

LUCK = draws.pupils(1, 0, np.arange(200_000))


def test_a_word_is_blake2b_of_the_names() -> None:
    told = b"int:1\x1fstr:phi"
    assert draws.word(1, "phi") == int.from_bytes(blake2b(told, digest_size=8).digest(), "little")


def test_known_answers() -> None:
    """The bits of a draw never change: results of old runs can be had again."""
    luck = draws.pupils(42, 3, [0, 1, 2**40])
    assert [hex(word) for word in draws.words(luck, "growth", "language", 7).tolist()] == KNOWN_WORDS
    assert draws.normal(draws.words(luck, "growth", "language", 7)).tolist() == KNOWN_NORMALS


KNOWN_WORDS = ["0xefd408185f7bb1ca", "0x500a78887b00fcf4", "0xd1fc099fe23d087"]
KNOWN_NORMALS = [1.5287456512451172, -0.4883238971233368, -1.6327394247055054]


def test_names_do_not_run_together() -> None:
    names = [("a", "b"), ("ab",), ("a", "b", ""), ("1",), (1,)]
    assert len({draws.word(*each) for each in names}) == len(names)


@given(st.integers(0, 2**32), st.integers(0, 99), st.integers(0, 40), st.lists(st.integers(0, 2**40), min_size=1))
def test_a_draw_is_of_its_names_alone(seed: int, replication: int, occasion: int, numbers: list[int]) -> None:
    many = draws.normal(draws.words(draws.pupils(seed, replication, numbers), "x", "y", occasion))
    column = draws.normal(
        draws.words(draws.pupils(seed, replication, numbers), "x", "y", np.full(len(numbers), occasion))
    )
    alone = [draws.normal(draws.words(draws.pupils(seed, replication, [n]), "x", "y", occasion))[0] for n in numbers]
    assert many.tolist() == alone == column.tolist()


@pytest.mark.parametrize("changed", [("growth", "b", 7), ("other", "a", 7), ("growth", "a", 8)])
def test_other_names_are_other_luck(changed: tuple[str, str, int]) -> None:
    one, other = draws.normal(draws.words(LUCK, "growth", "a", 7)), draws.normal(draws.words(LUCK, *changed))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.01


def test_another_seed_and_replication_are_other_luck() -> None:
    one = draws.normal(draws.words(LUCK, "growth", "a", 7))
    for seed, replication in ((2, 0), (1, 1)):
        other = draws.normal(draws.words(draws.pupils(seed, replication, np.arange(200_000)), "growth", "a", 7))
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.01


def test_neighbours_and_occasions_are_independent() -> None:
    z = draws.normal(draws.words(LUCK, "growth", "a", 7))
    assert abs(np.corrcoef(z[1:], z[:-1])[0, 1]) < 0.01
    by_age = draws.normal(draws.words(LUCK[:1000], "growth", "a", np.arange(1000)))
    assert abs(np.corrcoef(by_age[1:], by_age[:-1])[0, 1]) < 0.15


def test_uniform_is_flat_and_open() -> None:
    u = draws.uniform(draws.words(LUCK, "a", "b", 0))
    counts = np.bincount((u * 100).astype(int), minlength=100)
    assert 0 < u.min() < u.max() < 1
    assert ((counts - 2000) ** 2 / 2000).sum() < 150  # chi-square of 99 degrees, p = 0.0007


def test_the_four_normals_have_the_moments_of_one_and_are_independent() -> None:
    four = np.stack(draws.normals(draws.words(LUCK, "a", "b", 0)))
    for z in four:
        assert abs(z.mean()) < 0.01
        assert abs(z.var() - 1) < 0.02
        assert abs((z**3).mean()) < 0.03
        assert abs((z**4).mean() - 3) < 0.1
    assert np.abs(np.corrcoef(four) - np.eye(4)).max() < 0.01


def test_quantiles_are_the_inverse_of_their_bits() -> None:
    bits = draws.words(LUCK[:5000], "a", "b", 0)
    for which in range(4):
        quarters = (bits >> np.uint64(48 - 16 * which)) & np.uint64(0xFFFF)
        shares = (quarters.astype(np.float64) + 0.5) / draws.PARTS
        exact = np.array([NormalDist().inv_cdf(share) for share in shares])
        assert np.abs(draws.normal(bits, which) - exact).max() < 1e-6
        assert np.array_equal(draws.normal(bits, which), draws.normals(bits)[which])
    shares = ((bits >> np.uint64(48)).astype(np.float64) + 0.5) / draws.PARTS
    assert np.abs(draws.logistic(bits) - np.log(shares / (1 - shares))).max() < 1e-6


@given(st.integers(1, 1000))
def test_a_choice_is_one_of_its_number(choices: int) -> None:
    which = draws.below(draws.words(LUCK[:1000], "a", "b", 0), choices)
    assert which.min() >= 0
    assert which.max() < choices


def test_parameters_have_luck_of_their_own() -> None:
    drawn = {draws.parameter_uniform(1, n, name) for n in range(40) for name in ("phi", "kappa")}
    assert len(drawn) == 80
    assert all(0 < share < 1 for share in drawn)
