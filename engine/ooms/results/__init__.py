"""What every answer is made of: estimates with their errors, and how they are written."""
