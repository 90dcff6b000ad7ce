"""What every router of the API shares: shapes, pages, preconditions, marks for the reference, strict reading."""
