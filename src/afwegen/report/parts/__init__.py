"""The parts of the account, in a module each: what a source says, as blocks."""
