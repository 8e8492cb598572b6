"""What must hold of each operation of a module beside the types of its operands."""
