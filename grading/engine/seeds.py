"""Seeds of the drawn inputs: the same for the same bytes, new for a resubmission, secret to the class."""

from __future__ import annotations

import hashlib
import hmac

# Self-study has no secret to keep: everybody who checks the same bytes sees the same inputs.
PUBLIC_KEY = hashlib.sha256(b"public key of self-checks").digest()


def submission_seed(class_key: bytes, submission_hash: str) -> str:
    """Return the seed of one submission: HMAC-SHA256 of its hash under the class key.

    Parameters
    ----------
    class_key : bytes
        The class's secret, or `PUBLIC_KEY`.
    submission_hash : str
        SHA-256 of the submitted bytes, hexadecimal.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hmac.new(class_key, submission_hash.encode("ascii"), hashlib.sha256).hexdigest()
