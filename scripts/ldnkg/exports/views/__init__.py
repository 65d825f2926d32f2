"""Views of the graph in other vocabularies."""
