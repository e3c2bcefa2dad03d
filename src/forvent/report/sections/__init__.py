"""Sections of the page: each turns findings into a frozen value that its template shows."""
