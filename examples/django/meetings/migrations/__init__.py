"""The tables of the application, and those of afwegen beside them."""
