"""The project around the application: settings and addresses."""
