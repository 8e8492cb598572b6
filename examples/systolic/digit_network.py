"""A small int8 network that tells handwritten digits apart: trained in floating point, then quantized.

    pixels (0 to 16) -> 64 x 32 weights -> + bias, ReLU, >> shift -> 32 x 10 weights -> + bias -> logits

All weights and activations are int8, all sums int32. The matrix product is a parameter of the network, so that the
same network runs on NumPy and on an array of PEs.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

__all__ = ["HELD_OUT", "Digits", "Network", "held_out_digits", "integer_product", "train"]

HELD_OUT = 360
HIDDEN = 32
INT8_MAX = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """Images of 8 x 8 pixels as rows of int8, from 0 (white) to 16 (black), with the digits they show."""

    train_images: np.ndarray
    train_labels: np.ndarray
    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The quantized network; `shift` brings the hidden sums back to int8."""

    hidden_weights: np.ndarray
    hidden_bias: np.ndarray
    shift: int
    output_weights: np.ndarray
    output_bias: np.ndarray

    def logits(self, images: np.ndarray, product: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
        """Ten int32 scores for each image; `product(A, B)` multiplies int8 matrices to an int32 matrix."""
        sums = product(images, self.hidden_weights) + self.hidden_bias
        hidden = np.clip(sums >> self.shift, 0, INT8_MAX).astype(np.int8)
        return product(hidden, self.output_weights) + self.output_bias


def integer_product(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """The product of int8 matrices in int32, by NumPy."""
    return A.astype(np.int32) @ B.astype(np.int32)


def held_out_digits() -> Digits:
    """The digits inside scikit-learn, always split alike: 360 are kept from training."""
    pixels, labels = load_digits(return_X_y=True)
    train_images, images, train_labels, labels = train_test_split(
        pixels.astype(np.int8), labels, test_size=HELD_OUT, random_state=0, stratify=labels
    )
    return Digits(train_images=train_images, train_labels=train_labels, images=images, labels=labels)


def train(digits: Digits) -> tuple[MLPClassifier, Network]:
    """The network in floating point, and what quantization makes of it."""
    classifier = MLPClassifier((HIDDEN,), learning_rate_init=0.005, max_iter=100, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a hundred passes are enough here
        classifier.fit(digits.train_images.astype(float), digits.train_labels)
    return classifier, quantize(classifier, digits.train_images)


def quantize(classifier: MLPClassifier, images: np.ndarray) -> Network:
    """The network in integers; the shift is the least that keeps the hidden layer on `images` within int8."""
    (hidden, output), (hidden_bias, output_bias) = classifier.coefs_, classifier.intercepts_
    hidden_scale = INT8_MAX / np.abs(hidden).max()
    hidden_weights = np.rint(hidden * hidden_scale).astype(np.int8)
    hidden_bias = np.rint(hidden_bias * hidden_scale).astype(np.int32)

    largest = int((integer_product(images, hidden_weights) + hidden_bias).max())
    shift = max(0, largest.bit_length() - INT8_MAX.bit_length())

    output_scale = INT8_MAX / np.abs(output).max()
    return Network(
        hidden_weights=hidden_weights,
        hidden_bias=hidden_bias,
        shift=shift,
        output_weights=np.rint(output * output_scale).astype(np.int8),
        output_bias=np.rint(output_bias * output_scale * hidden_scale / 2**shift).astype(np.int32),
    )
