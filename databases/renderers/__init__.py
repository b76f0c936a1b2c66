"""How what was seen is shown to people: lengths, percentages, bars."""
