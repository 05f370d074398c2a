"""Who is let in, and how much may be asked for, before anything is read or answered."""
