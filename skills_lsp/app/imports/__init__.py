"""Reading histories from elsewhere: files in; records, and what could not be used, out."""
