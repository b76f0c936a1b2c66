"""The files in which the register of databases and its endpoints come and go."""
