"""One file a command of the command line: its options, and what it prints."""
