"""Where something stands in the user's text, and how we report about it."""
