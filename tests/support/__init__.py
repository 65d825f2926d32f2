"""Helpers that several tests use: clients, servers, readers and expected facts."""
