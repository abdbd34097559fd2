"""Numbers as a reader wants them: few digits, a true minus sign, no padded exponent."""

from __future__ import annotations


def tidy(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, as "−0.125" or "1.2e−6".

    Parameters
    ----------
    value : float
        Any number.
    digits : int
        Significant digits.

    Returns
    -------
    str
    """
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return "0" if text == "-0" else text.replace("-", "−")
