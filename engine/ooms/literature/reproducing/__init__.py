"""Published numbers against this model's: what agrees, what does not, and what cannot be asked of it.

Published numbers are data: ``priors/published`` has one file a source, each number with its tolerance and the reason
for it.
"""

from ooms.literature.reproducing.report import NumberCheck, Reproduction
from ooms.literature.reproducing.run import reproduce
from ooms.literature.reproducing.spec import shipped_numbers
from ooms.literature.reproducing.verdicts import VERDICTS

__all__ = ["VERDICTS", "NumberCheck", "Reproduction", "reproduce", "shipped_numbers"]
