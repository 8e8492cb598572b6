"""Programs as designs for AMD AI Engines (Ryzen AI NPUs)."""
