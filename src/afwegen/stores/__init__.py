"""Where sessions are kept, as bytes."""
