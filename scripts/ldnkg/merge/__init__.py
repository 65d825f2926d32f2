"""Compare and merge other graphs with the publication."""
