"""What a program takes of a part, and how much of what it has it uses."""
