"""How stores are brought down, on purpose, and what must be there afterwards."""
