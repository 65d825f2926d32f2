"""JSON Schemas for editors of records."""
