"""The staff portal's pages about databases."""
