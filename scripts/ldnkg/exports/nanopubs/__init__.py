"""Nanopublications with trusty URIs."""
