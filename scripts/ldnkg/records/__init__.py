"""Read the records of a publication: YAML, TSV, SSSOM and the JSON-LD context, with every fault of reading."""
