"""A multi-layer perceptron in int8: as loop nests that run one after the other, as a dataflow, and as a mixture."""
