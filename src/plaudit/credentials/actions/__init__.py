"""What changes credentials: giving one, revoking one, and the key they are signed with."""
