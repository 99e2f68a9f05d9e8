"""Statistics and fitting (numpy, scipy, scikit-learn). Imported by helper processes alone."""
