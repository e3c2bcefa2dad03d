"""Every model and migration, nothing else."""
