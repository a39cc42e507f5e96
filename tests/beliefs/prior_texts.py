"""Texts of prior files that several tests share."""

EXTENDS = 'extends = "davidson-2025"\n'

COMPLETE = """
title = "Complete"
[parameters]
rho = {value = -0.1, source = "me"}
compute_share = {value = 0.5, source = "me"}
parallelizability = {value = 0.6, source = "me"}
compute_exponent = {value = 0.65, source = "me"}
returns = {distribution = "loguniform", low = 0.4, high = 3.6, source = "me"}
software_limit = {distribution = "uniform", low = 6, high = 16, source = "me"}
software_growth = {distribution = "lognormal", p10 = 0.4, p90 = 1.5, source = "me"}
labour_per_training = {value = 2, source = "me"}
"""

PARENT = (
    EXTENDS
    + """
[[correlations]]
between = ["rho", "returns"]
spearman = 0.5
[[correlations]]
between = ["returns", "software_limit"]
spearman = 0.2
"""
)

ELASTIC = EXTENDS + 'parameters.route_elasticity = {value = 9, source = "x"}\n'


def route(rho=0.0):
    one = f'[[routes]]\nrho = {{value = {rho}, source = "x"}}\ncompute_share = {{value = 0.2, source = "x"}}\n'
    return one + 'experiment_efficiency = {value = 1, source = "x"}\nproductivity = {value = 0.1, source = "x"}\n'
