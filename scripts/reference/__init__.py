"""Generate the references in `docs/reference/` from the code."""
