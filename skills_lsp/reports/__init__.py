"""Analytics questions and their answers as Markdown; pure, one file per question."""
