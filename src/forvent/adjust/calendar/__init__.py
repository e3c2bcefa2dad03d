"""Opening hours, holidays, and both clocks."""
