"""Help a curator: draft records and watch files."""
