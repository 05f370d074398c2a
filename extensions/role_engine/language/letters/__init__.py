"""What letters and code points decide alone: scripts, mixed words, look-alikes, garbage."""
