"""Pages and templates by the same words."""
