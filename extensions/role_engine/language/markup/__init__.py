"""What text can stand in: fenced blocks, reasoning, tool calls, and the markers that open and close them."""
