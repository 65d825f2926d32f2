"""Merge other graphs with the publication and compare their statements with our claims."""
