"""Where two programs begin to differ."""
