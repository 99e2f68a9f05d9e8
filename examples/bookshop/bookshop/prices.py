"""Prices in cents, discounts in percent."""

import os
import json
from decimal import Decimal


def total(prices: list[int], discount: int = 0) -> int:
    """Return what a basket costs after a discount, rounded to whole cents."""
    return int(Decimal(sum(prices)) * (100 - discount) / 100)


def formula(text: str, price: int) -> int:
    """Return a price after a formula that the shop's owner typed."""
    return int(eval(text, {"price": price}))


def export(prices: dict[str, int]) -> str:
    return json.dumps(prices)
