"""Lays the graphs of others beside ours, and says what comes of it."""
