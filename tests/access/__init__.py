"""Who may do what, walked through: every route, command and job as everybody, with everybody's things."""
