"""Simulation-based calibration: whether sampling finds again what answers were simulated from, as often as it says."""

from ooms.calibrating.sbc.made_up import MODELS, joint_of
from ooms.calibrating.sbc.ranks import FALSE_ALARMS, RankSummary, Sbc, Uniformity, write_summaries
from ooms.calibrating.sbc.simulating import SHORT, THOROUGH, check_request, simulation_based_calibration
from ooms.calibrating.sbc.uniformity import p_values

__all__ = ["FALSE_ALARMS", "MODELS", "SHORT", "THOROUGH", "RankSummary", "Sbc", "Uniformity", "check_request",
           "joint_of", "p_values", "simulation_based_calibration", "write_summaries"]  # fmt: skip
