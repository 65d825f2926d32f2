"""Write the publication in each format. A format is one folder with its queries, templates and Python."""
