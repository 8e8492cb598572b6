"""Whether two programs compute the same: symbolic runs on the native engine."""
