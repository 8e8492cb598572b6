"""Programs made fit for NPUs: df to df."""
