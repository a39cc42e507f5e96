"""The standard normal distribution function and its inverse, in NumPy alone.

They are here rather than taken from `scipy.special` because importing that module takes longer again than importing
NumPy does, and every command would wait for it. Both are elementwise: the value for one element depends neither on the
length of the array nor on the element's place in it, so draws are the same whatever the block size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "log_density", "ndtr", "ndtri"]

type Floats = NDArray[np.float64]

_LOG_ROOT_TWO_PI = 0.91893853320467274178

# Phi(-y) exp(y^2 / 2) for 0 <= y <= 5.7 to 1e-16: the ratio that equals it at 16 Chebyshev points of y / (y + 4),
# found in 60-digit arithmetic for this module; one range where Cody has two, so that no element is computed twice.
_CENTRAL_ABOVE = (
    0.39894204054784554, 9.10006148023116, 97.4093994978321, 629.9935959609649,
    2656.655933086721, 7349.323502475583, 12531.705087923448, 10692.415607218003,
)  # fmt: skip
_CENTRAL_BELOW = (
    1.0, 22.810434786613705, 245.1702316743178, 1601.9498239641887, 6901.697713891075,
    19952.613829247228, 37617.94579797103, 42126.03683722038, 21384.831214436006,
)  # fmt: skip

# The same for y > sqrt(32), as a correction in 1 / y^2: Cody (1969), third range.
_FAR = 32.0**0.5
_CODY_ABOVE = (
    2.307344176494017303e-2, 0.21589853405795699, 0.1274011611602473639,
    2.2235277870649807e-2, 1.421619193227893466e-3, 2.9112874951168792e-5,
)  # fmt: skip
_CODY_BELOW = (
    1.0, 1.28426009614491121, 0.468238212480865118,
    6.59881378689285515e-2, 3.78239633202758244e-3, 7.29751555083966205e-5,
)  # fmt: skip

# Wichura (1988), PPND16: |u - 1/2| <= 0.425, then the near and the far tail, highest power first.
_CENTRE_ABOVE = (
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
    1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
)  # fmt: skip
_CENTRE_BELOW = (
    5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
    5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
)  # fmt: skip
_NEAR_ABOVE = (
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
    3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
)  # fmt: skip
_NEAR_BELOW = (
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
    6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0,
)  # fmt: skip
_FAR_ABOVE = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
    2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
)  # fmt: skip
_FAR_BELOW = (
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
    1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
)  # fmt: skip


def log_density(z: Floats) -> Floats:
    """Log density of the standard normal distribution: ``-z^2 / 2 - log(2 pi) / 2``.

    Examples
    --------
    >>> float(log_density(np.array(0.0)).round(6))
    -0.918939
    """
    return -0.5 * z * z - _LOG_ROOT_TWO_PI


def ndtr(z: float | Floats) -> Floats:
    """Probability that a standard normal variable is at most `z`.

    ``Phi(z) = exp(-z^2 / 2) R(|z|)`` for ``z <= 0`` and one minus its mirror image above, with `R` a ratio of
    polynomials (beyond 5.66 Cody's). The rounding error of ``z^2`` is carried along, so the left tail is good to 1e-15
    in relative terms, down to the smallest normal number.

    Parameters
    ----------
    z : float or array
        Where to evaluate it.

    References
    ----------
    Cody, W. J. (1969). Rational Chebyshev approximations for the error function. Math. Comp. 23, 631-637.

    Examples
    --------
    >>> [float(p) for p in ndtr(np.array([-np.inf, -1.959963984540054, 0.0, np.inf])).round(12)]
    [0.0, 0.025, 0.5, 1.0]
    """
    given = np.asarray(z, dtype=np.float64)
    flat = given.reshape(-1)
    y = np.minimum(np.abs(flat), 40.0)  # beyond 38.6 the tail is below the smallest number there is
    tail = _ratio(_CENTRAL_ABOVE, _CENTRAL_BELOW, y)
    far = np.flatnonzero(y > _FAR)
    if far.size:
        tail[far] = _mills(y[far])
    tail *= _exp_minus_half_square(y)
    return np.abs((flat > 0.0) - tail).reshape(given.shape)  # 1 - tail above 0, without a branch for every number


def ndtri(u: float | Floats) -> Floats:
    """Quantile of the standard normal distribution: the `z` with ``ndtr(z) = u``, to 1e-15 in relative terms.

    Parameters
    ----------
    u : float or array
        Cumulative probability; 0 gives minus infinity, 1 plus infinity, and anything outside [0, 1] NaN.

    References
    ----------
    Wichura, M. J. (1988). Algorithm AS 241: the percentage points of the normal distribution (PPND16).
    Applied Statistics 37, 477-484.

    Examples
    --------
    >>> [float(z) for z in ndtri(np.array([0.0, 0.025, 0.5, 0.9])).round(6)]
    [-inf, -1.959964, 0.0, 1.281552]
    """
    given = np.asarray(u, dtype=np.float64)
    flat = given.reshape(-1)
    q = flat - 0.5
    r = q * q
    np.subtract(0.180625, r, out=r)
    z = _ratio(_CENTRE_ABOVE, _CENTRE_BELOW, r)
    z *= q
    tails = np.flatnonzero(r < 0.0)
    if tails.size:
        z[tails] = _tail_quantile(flat[tails])
    return z.reshape(given.shape)


def _tail_quantile(u: Floats) -> Floats:
    smaller = np.minimum(u, 1.0 - u)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.sqrt(-np.log(smaller))
    near = np.minimum(r, 5.0) - 1.6
    z = _ratio(_NEAR_ABOVE, _NEAR_BELOW, near)
    far = np.flatnonzero(r > 5.0)
    if far.size:
        z[far] = _ratio(_FAR_ABOVE, _FAR_BELOW, np.minimum(r[far], 30.0) - 5.0)
        z[far] = np.where(np.isinf(r[far]), np.inf, z[far])
    return np.copysign(z, u - 0.5)


def _exp_minus_half_square(y: Floats) -> Floats:
    square = y * y
    head = y.astype(np.float32).astype(np.float64)  # 24 bits, so its square is exact
    lost = head * head
    lost -= square
    lost += (y - head) * (y + head)
    square *= -0.5
    np.exp(square, out=square)
    lost *= -0.5
    lost += 1.0
    square *= lost
    return square


def _mills(y: Floats) -> Floats:
    inverse_square = 1.0 / (y * y)
    correction = inverse_square * _ratio(_CODY_ABOVE, _CODY_BELOW, inverse_square)
    return (np.exp(-_LOG_ROOT_TWO_PI) - correction) / y


def _ratio(above: Sequence[float], below: Sequence[float], x: Floats) -> Floats:
    top = _horner(above, x)
    top /= _horner(below, x)
    return top


def _horner(coefficients: Sequence[float], x: Floats) -> Floats:
    total = x * coefficients[0]
    total += coefficients[1]
    for coefficient in coefficients[2:]:
        total *= x
        total += coefficient
    return total
