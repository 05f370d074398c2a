"""What people read, in Russian and in English."""
