"""What changes how far somebody is: publishing, following the book, and what time makes happen."""
