"""Pictures of a batch study: the probability of an event over the study's own axes.

Two numeric axes with many values become a map with contours, other numeric axes lines, and labels alone rows of dots.
What was not worked out is shown as such.
"""
