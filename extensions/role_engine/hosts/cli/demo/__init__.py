"""`role-engine demo`: the same questions with the guard off and on, side by side."""
