"""Measures how strong the checks are: by mutants of the rules and of the data, and by altered texts."""
