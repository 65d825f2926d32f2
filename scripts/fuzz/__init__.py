"""Fuzz the command and the server with damaged records, tables, queries, requests and foreign files."""
