"""What planning changes: programmes applied, paused, resumed and retired, drafts kept."""
