"""One module per judge: each has ``rows(cache)``, which yields rows of the table."""
