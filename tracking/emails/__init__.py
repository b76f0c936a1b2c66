"""Messages to people: each module writes one kind, none sends."""
