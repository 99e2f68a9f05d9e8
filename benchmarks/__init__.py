"""How fast it is, beside an empty pygls server in the same run: ``make bench``."""
