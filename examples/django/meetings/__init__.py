"""An application of a housing association: where a group meets, beside what it decides."""
