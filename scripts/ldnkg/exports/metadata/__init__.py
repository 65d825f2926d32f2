"""Descriptions of the data set: VoID, schema.org and RO-Crate."""
