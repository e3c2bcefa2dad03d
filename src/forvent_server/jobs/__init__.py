"""One file a job, and the worker."""
