import pytest

from bookshop.prices import formula, total


def test_total_of_nothing_is_nothing():
    assert total([]) == 0


def test_discount_is_taken_once():
    prices = [1000, 500]
    assert total(prices, discount=10) == 1300


@pytest.mark.parametrize("price", [100, 250])
def test_formula_doubles(price):
    assert formula("price * 2", price) == price * 2


class TestTotal:
    def test_sums(self):
        assert total([1, 2, 3]) == 6
