"""The rules of the method: for each step what may be recorded, and what the records amount to."""
