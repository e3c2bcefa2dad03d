"""What a command does in one run: steps joined, a file a question; none of them knows the whole loop."""
