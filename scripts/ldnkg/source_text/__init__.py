"""Read the sentence ledger of an article and verify it against the text."""
