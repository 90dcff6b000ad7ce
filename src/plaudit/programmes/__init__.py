"""Programme files that people start from, and the JSON Schema of the format: data, no code."""
