"""Turn records into the graph of the publication."""
