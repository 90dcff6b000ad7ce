"""The programme file: one readable YAML file, read into values, checked, compared and written back. Pure."""
