"""Check a publication against the SHACL shapes and report findings."""
