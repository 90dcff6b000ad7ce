"""What listening decides: designs, figures, agreement, and whose answers are shown. Pure."""
