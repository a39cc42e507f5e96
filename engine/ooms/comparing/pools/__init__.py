"""Opinion pools: several views as one, by weights that are the user's.

The *linear* pool is the mixture of the views' distributions; the *logarithmic* pool is their geometric mean. Both are
over outcomes, so that any views can be pooled; the linear pool can also be had as one prior, a mixture of the views'
draws.

Source
------
Genest, C. and Zidek, J. V. (1986). Combining probability distributions: a critique and an annotated bibliography.
Statistical Science 1(1), 114-135.
"""

from ooms.comparing.pools.disagreement import Spread
from ooms.comparing.pools.pooling import LeftOut, Pool, pool

__all__ = ["LeftOut", "Pool", "Spread", "pool"]
