"""Files that help desks export: of each conversation, what its customers wrote."""
