"""Source code as trees: parsing, names and what they stand for, definitions, imports."""
