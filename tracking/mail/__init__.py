"""How a message leaves: the talk with the mail server, and who talks for which delivery."""
