"""What the vendor's compiler lets pass though it cannot work, and what it tells too late, as rules of our own."""
