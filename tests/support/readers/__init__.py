"""What a naive reader finds in each format, one module a format: the tests hold it to the records."""
