"""Mutation testing of the checks: mutants of the rules, of the code and of the data, and altered texts."""
