"""What past runs say about the next: pure Python, quick enough to be asked at each keystroke."""
