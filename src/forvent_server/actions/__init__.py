"""Every change to the store, one file a word; each in a transaction, with who, what and when in the audit."""
