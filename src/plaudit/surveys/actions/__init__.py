"""What changes surveys and answers, one transaction each."""
