"""Prices, in cents."""


def total(prices: list[int], discount: int = 0) -> int:
    """Return the sum, less the discount in percent."""
    return sum(prices) * (100 - discount) // 10
