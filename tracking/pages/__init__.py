"""What do pages show? Read for the admin and for the staff portal alike; nothing is written."""
