"""Networks: operators as ordinary functions with schedules."""
