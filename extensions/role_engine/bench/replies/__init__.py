"""What the guard does to the replies of a real model: `role-engine bench replies`."""
