"""The staff portal: thin doors, a page each."""
