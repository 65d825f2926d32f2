"""Nodes and edges in KGX."""
