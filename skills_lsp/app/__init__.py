"""The one mutable object (open documents, settings, catalogue, running jobs) and its operations."""
