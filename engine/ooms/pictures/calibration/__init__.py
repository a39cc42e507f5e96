"""Pictures of a calibration: what was learnt, from whom, and whether the answers could have come from the model.

Every picture of a calibration that failed its checks says so above everything else.
"""
