"""The pump: takes what is due from the database, has it probed, writes what was seen."""
