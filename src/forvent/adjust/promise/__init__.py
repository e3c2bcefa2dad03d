"""What a record supports: learning, calibrating, following drift, the model and its file."""
