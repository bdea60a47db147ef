"""How a neighbourhood chooses what to do, and can show for good how it chose."""
