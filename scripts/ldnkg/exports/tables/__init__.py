"""Tables in CSV on the Web and Parquet."""
