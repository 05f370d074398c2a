"""What every host does with a request: which settings count, the prompt, the plan of a reply, jobs, kept settings."""
