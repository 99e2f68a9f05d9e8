"""A bookshop: prices, orders, delivery."""
