"""The sentence ledger of an article, and its verification against the text."""
