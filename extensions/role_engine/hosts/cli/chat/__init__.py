"""`role-engine chat`: one guarded reply, or a conversation."""
