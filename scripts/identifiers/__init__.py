"""Generate the tables of identifier forms that a merge reads, from Bioregistry and from `supplement.tsv`."""
