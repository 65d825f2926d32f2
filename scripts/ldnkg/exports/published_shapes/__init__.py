"""The rules for the published graph."""
