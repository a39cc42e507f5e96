"""What was learnt, from whom, and what other beliefs or surveys would make of it; draws without Markov chains."""

from __future__ import annotations

import json
import math
import shutil
import tomllib
from dataclasses import FrozenInstanceError, asdict, replace

import numpy as np
import pytest
from twin import twin

import ooms
from ooms.calibrating.calibration import HEADLINE, open_calibration
from ooms.calibrating.leave_one_out import Contribution
from ooms.calibrating.prior_posterior import contraction
from ooms.calibrating.provenance import Command
from ooms.calibrating.sampling import NutsSettings
from ooms.calibrating.surveys import load_survey
from ooms.files.library import find, shipped_calibrations
from ooms.forecasting import NUMBERS
from ooms.problems import UserError
from ooms.results.credence import Estimate

EVENT, DRAWS = HEADLINE, 2**10


def within(found, expected, errors=4.0):
    return abs(found.value - expected.value) < errors * math.hypot(found.standard_error, expected.standard_error)


# -- the posterior as a view -----------------------------------------------------------------------


def test_the_posterior_is_a_view_like_any_other(small):
    view = small.view
    assert view.calibration is not None
    assert view.calibration.of == "davidson-2025+open"
    assert view.calibration.surveys == ("compute-polls", "substitution-studies")
    joint = [name for name, belief in view.beliefs.items() if belief.joint]
    assert joint == list(small.names) == ["compute_share", "compute_exponent", "sigma", "rho_discrepancy"]
    assert {"kokotajlo-et-al-2025", "raval-2019"} <= set(view.cites)
    assert set(ooms.load("davidson-2025+open").beliefs) == set(view.beliefs)


def test_correlations_are_kept(small):
    """The polls tie the share of compute to its exponent: draws of a row belong together."""
    def corr(values):
        ranks = [np.argsort(np.argsort(v)) for v in values]
        return np.corrcoef(*ranks)[0, 1]

    names = ("compute_share", "compute_exponent")
    own = corr([small.posterior[name] for name in names])
    assert own < -0.15
    assert corr([small.view.beliefs[n].marginal.values for n in names]) == pytest.approx(own, abs=0.02)


def test_after_is_what_a_forecast_of_the_view_says(small):
    assert small.after(EVENT) == ooms.forecast(small.view, draws=DRAWS).probability(EVENT)
    assert small.before(EVENT) == ooms.forecast("davidson-2025+open", draws=DRAWS).probability(EVENT)


def test_chances_of_each_draw_average_to_the_probability(small):
    chances = small.chances(EVENT)
    assert chances.shape == (small.shape[0] * small.shape[1],)
    assert np.all((chances >= 0) & (chances <= 1))
    found = ooms.forecast(small.view, draws=2**14, events=[EVENT], quantities=()).probability(EVENT)
    assert chances.mean() == pytest.approx(found.value, abs=0.01)


def test_chances_belong_to_their_draws(small):
    """Where rho far out is high they are high: the order of the draws is kept."""
    far = np.asarray(small.data["derived"]["rho_far"]).reshape(-1)
    chances = small.chances(EVENT)
    high, low = chances[far > np.quantile(far, 0.8)].mean(), chances[far < np.quantile(far, 0.2)].mean()
    assert high > low + 0.15


# -- what was learnt -------------------------------------------------------------------------------


@pytest.mark.parametrize("spread", [1.0, 0.5, 0.1])
def test_contraction_of_a_uniform(spread):
    x = (np.arange(20000) + 0.5) / 20000
    assert contraction(x, 0.5 + spread * (x - 0.5)) == pytest.approx(1 - spread, abs=1e-3)


def test_contraction_does_not_depend_on_how_it_is_stated():
    rng = np.random.default_rng(0)
    sigma, after = np.exp(0.4 * rng.standard_normal(4000)), np.exp(0.2 * rng.standard_normal(4000))
    assert contraction(1 - 1 / sigma, 1 - 1 / after) == pytest.approx(contraction(sigma, after), abs=2e-3)


def test_prior_beside_posterior(small):
    rows = {row.name: row for row in small.learnt()}
    assert [row.kind for row in small.learnt()] == sorted(
        (row.kind for row in small.learnt()), key=("parameter", "derived", "survey").index
    )
    assert rows["sigma"].unit == "-"
    assert "elasticity" in rows["sigma"].meaning
    assert rows["compute_elasticity"].contraction > 0.25
    assert rows["rho_discrepancy"].contraction < 0.1  # polls are about today
    assert rows["sigma"].prior[1] == pytest.approx(0.806, rel=0.02)
    assert rows["rho_today"].contraction == pytest.approx(rows["sigma"].contraction, abs=0.01)
    assert "labour_elasticity" not in rows  # no one asked


# -- from whom -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def each(small):
    return {one.survey: one for one in small.contributions(EVENT)}


def test_without_one_of_two_is_the_other_alone(each):
    first, second = each["compute-polls"], each["substitution-studies"]
    assert within(first.without, second.alone)
    assert within(second.without, first.alone)


def test_who_speaks_of_rho_and_who_of_a_slope(each):
    assert "compute_elasticity" in each["compute-polls"].identifies
    assert each["substitution-studies"].identifies == ("rho_today",)
    assert each["substitution-studies"].verdict == "rho"


@pytest.mark.parametrize(
    ("narrowed", "verdict"),
    [({"rho_far": 0.2, "labour_elasticity": 0.5}, "rho"), ({"labour_elasticity": 0.5, "rho_today": 0.01}, "a slope"),
     ({"returns": 0.6, "rho_today": -0.05}, "neither"), ({}, "neither")],
)  # fmt: skip
def test_verdicts(narrowed, verdict):
    assert Contribution("x", Estimate(0.1, 0.01), Estimate(0.2, 0.01), True, narrowed).verdict == verdict


def test_a_survey_that_rules_where_weights_cannot_follow_is_refitted(small):
    """Taking out both surveys at once from so few draws would be refused; one by one it may be either."""
    for one in small.contributions(EVENT):
        assert one.by_weighing or one.without.standard_error < 0.03


def test_progress_is_told(small):
    told = []
    replace(small).contributions(EVENT, lambda what, done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.slow
def test_asking_does_not_change_what_is_shown_or_saved(small, tmp_path):
    """Who contributed is shown and saved only by a calibration that was made to hold it."""
    asked = replace(small)
    assert asked.contributions(EVENT)
    assert asked.before("3 years in 1 year") > 0
    assert asked.known_contributions(EVENT) is None
    assert small.with_contributions(EVENT).known_contributions(EVENT) == asked.contributions(EVENT)
    with pytest.raises(FrozenInstanceError):
        asked.base = small.base
    asked.save(tmp_path / "mine.toml")
    again = open_calibration(tmp_path / "mine.toml")
    assert again.known_contributions(EVENT) is None
    assert "3 years in 1 year" not in again.known_probabilities
    assert again.provenance == asked.provenance


def test_alone_among_one_survey(opened):
    found = twin(opened, [load_survey("substitution-studies")], draws=400, points=2**14)
    (one,) = found.contributions(EVENT)
    assert one.without == found.before(EVENT)


# -- what priors do --------------------------------------------------------------------------------


def test_sensitivity(small):
    rows = {row.name: row for row in small.power_scaling()}
    assert set(rows) == {*small.names, "rho_today", "rho_far", "compute_elasticity"}
    assert all(row.prior >= 0 and row.answers >= 0 for row in rows.values())
    # the polls narrow the elasticity of compute far more than its exponent alone
    assert rows["compute_elasticity"].answers > 0.02
    assert rows["rho_discrepancy"].answers < rows["rho_discrepancy"].prior


def test_how_the_probability_moves_is_what_weighing_finds(small):
    """The slope at the weight of 1, against finite changes of a survey's weight."""
    moves = small.probability_slopes(EVENT)
    assert set(moves.own) == set(small.names)
    assert set(moves.surveys) == set(small.surveys)
    for survey, slope in moves.surveys.items():
        step = 0.02
        more = small.what_if(EVENT, weights={survey: 2**step}).difference.value
        less = small.what_if(EVENT, weights={survey: 2**-step}).difference.value
        assert (more - less) / (2 * step) == pytest.approx(slope.value, rel=0.02, abs=1e-4)
    total = sum(slope.value for slope in moves.surveys.values())
    assert moves.answers.value == pytest.approx(total, rel=1e-9)


def test_a_uniform_prior_cannot_count_more():
    """Raised to any power it is the same; it must not upset anybody."""
    found = twin(
        ooms.load("davidson-2025+open").replace(compute_share="uniform(0.05, 0.95)"),
        [load_survey("compute-polls")], draws=300, points=2**13,
    )  # fmt: skip
    assert found.probability_slopes(EVENT).own["compute_share"].value == pytest.approx(0.0, abs=1e-12)
    assert found.power_scaling()


def test_what_experts_say_of_the_outcome_is_laid_beside(small):
    rows = {row.item: row for row in small.held_out()}
    assert rows["davidson-2025"].event == "5 ooms in 1 year"
    assert rows["davidson-2025"].answered == "10 to 40 %"
    assert rows["davidson-2025"].after == small.after(EVENT)
    assert rows["davidson-houlden-ten-years"].answered == "20 % (a model's output)"
    assert rows["argument-2023"].answered == "median answer 41-60 %"
    assert rows["argument-2016"].answered == "median answer 21-40 %"  # just so: 50 % of the answers
    assert "market-autonomous-research" not in rows  # about a date


def test_what_rests_on_the_same_work_is_said(opened):
    view = ooms.load("davidson-2025")
    found = twin(view, [load_survey("researcher-quality")], draws=300, points=2**12)
    assert found.double_counted == ("taste_multiplier and researcher-quality both rest on kokotajlo-et-al-2025",)
    assert twin(opened, [load_survey("researcher-quality")], draws=300, points=2**12).double_counted == ()


# -- what if ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_another_prior_as_if_calibrated_with_it(small, opened):
    """Weighing the stored draws against calibrating anew with the other prior."""
    prior = "lognormal(p10=0.45, p90=1)"
    changed = small.what_if(EVENT, sigma=prior)
    anew = twin(opened.replace(sigma=prior), [load_survey(name) for name in small.surveys])
    assert within(changed.after, anew.after(EVENT))
    assert abs(changed.difference.value) > 3 * changed.difference.standard_error
    assert changed.difference.value == pytest.approx(changed.after.value - changed.before.value)
    assert changed.changes == (f"sigma ~ {prior}",)
    assert np.quantile(changed.view.beliefs["sigma"].marginal.values, 0.5) == pytest.approx(
        np.median(anew.posterior["sigma"]), rel=0.04
    )


def test_a_survey_that_counts_less_and_one_that_is_too_strong_to_weigh_away(small):
    """That weighing is calibrating anew, `test_another_prior_as_if_calibrated_with_it` shows."""
    less, least = (small.what_if(EVENT, weights={"substitution-studies": weight}) for weight in (0.9, 0.8))
    assert less.weights.effective > least.weights.effective
    assert abs(less.difference.value) < abs(least.difference.value)
    with pytest.raises(UserError, match="Pareto k"):
        small.what_if(EVENT, weights={"substitution-studies": 0})


def test_no_change_changes_nothing(small):
    same = small.what_if(EVENT, weights={"compute-polls": 1.0})
    assert same.difference.value == pytest.approx(0.0, abs=1e-12)
    assert same.weights.effective == pytest.approx(small.relative_efficiency * len(same.weights.weights))


def test_the_changed_posterior_is_a_view(small):
    changed = small.what_if(EVENT, sigma="lognormal(p10=0.5, p90=1.1)")
    view = changed.view
    assert "sigma ~ lognormal(p10=0.5, p90=1.1)" in view.changes
    assert "Weighed anew with sigma ~ lognormal(p10=0.5, p90=1.1)" in view.description
    assert view.beliefs["sigma"].note.startswith("weighed anew with sigma ~ lognormal(p10=0.5, p90=1.1); before")
    assert view.calibration.effective == int(changed.weights.effective)
    fewer = replace(changed, surveys=("substitution-studies",))
    assert fewer.view.calibration.surveys == ("substitution-studies",)
    found = ooms.forecast(view, draws=2**14, events=[EVENT], quantities=()).probability(EVENT)
    assert within(found, changed.after)


@pytest.mark.parametrize(
    ("weights", "priors", "place", "said", "remedy"),
    [
        ({"compute-poll": 0}, {}, "weight", "'compute-poll' is not among", "did you mean compute-polls"),
        ({"compute-polls": -1}, {}, "weight of compute-polls", "-1", "0 to leave it out"),
        ({"compute-polls": math.nan}, {}, "weight of compute-polls", "nan", "0 to leave it out"),
        ({}, {"rho": "uniform(-0.5, 0)"}, "rho", "states sigma instead", "give sigma"),
        ({}, {"sigma": "0.8"}, "sigma", "has no density", "narrow distribution"),
        ({}, {"sigma": "lognormal(p10=1"}, "sigma", "", ""),
        ({}, {"sigma": "normal(1, 1)"}, "sigma", "reaches outside of (0, inf)", "narrow it"),
        ({}, {"compute_share": "uniform(0, 1)"}, None, None, None),  # within, and so no mistake
        ({}, {"returns": "loguniform(0.4, 4)"}, "returns", "was not sampled", "ooms forecast FILE --set returns="),
        ({}, {"sgima": "lognormal(1, 1)"}, "sgima", "there is no sgima", "did you mean sigma"),
        ({}, {}, "what-if", "changes nothing", "give a prior"),
    ],
)
def test_what_has_no_meaning_is_refused(small, weights, priors, place, said, remedy):
    if place is None:
        assert small.what_if(EVENT, weights=weights, **priors)
        return
    with pytest.raises(UserError) as caught:
        small.what_if(EVENT, weights=weights, **priors)
    (problem, *_) = caught.value.problems
    assert problem.place == place
    assert said in problem.what
    assert remedy in problem.remedy


def test_everything_wrong_is_said_at_once(small):
    with pytest.raises(UserError) as caught:
        small.what_if("5 oooms", weights={"polls": 0}, sgima="lognormal(1, 1)")
    assert len(caught.value.problems) == 3


def test_a_change_too_far_is_refused_with_the_command_that_would_do(small):
    with pytest.raises(UserError) as caught:
        small.what_if(EVENT, sigma="lognormal(median=3, sigma=0.05)")
    (problem,) = caught.value.problems
    assert "what-if sigma ~ lognormal(3, 0.05)" in problem.place
    assert "Pareto k" in problem.what or "effective draws" in problem.what
    said = "ooms calibrate davidson-2025+open --set 'sigma ~ lognormal(3, 0.05)' --surveys compute-polls substitution-"
    assert said in problem.remedy


def test_beyond_the_prior_there_are_no_draws(opened):
    found = twin(opened.replace(compute_share="uniform(0.2, 0.6)"), [load_survey("compute-polls")], draws=200,
                 points=2**12)  # fmt: skip
    with pytest.raises(UserError, match=r"reaches beyond 0\.2 to 0\.6"):
        found.what_if(EVENT, compute_share="uniform(0.1, 0.6)")


def test_correlated_parameters_are_refused():
    found = twin(ooms.load("ai-futures-2025"), [load_survey("compute-polls")], draws=200, points=2**13)
    with pytest.raises(UserError, match="is correlated with another parameter"):
        found.what_if(EVENT, compute_ceiling="shifted_lognormal(1, 900, 1)")


# -- files -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(small, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "mine.toml"
    small.with_contributions(EVENT).save(path)
    return path


def test_what_is_opened_answers_as_what_was_saved(small, saved):
    found = open_calibration(saved)
    assert found.diagnostics == small.diagnostics
    assert found.surveys == small.surveys
    assert found.names == small.names
    assert found.fixed == small.fixed
    assert found.contributions(EVENT) == small.contributions(EVENT)
    assert found.before(EVENT) == small.before(EVENT)
    assert found.after(EVENT) == small.after(EVENT)
    assert [row.name for row in found.learnt()] == [row.name for row in small.learnt()]
    prior = "lognormal(p10=0.45, p90=1)"
    assert found.what_if(EVENT, sigma=prior).after.value == pytest.approx(
        small.what_if(EVENT, sigma=prior).after.value, abs=2e-3
    )
    for name, belief in small.base.beliefs.items():
        assert str(found.base.beliefs[name].marginal) == str(belief.marginal)


def test_the_prior_file_forecasts_like_any_other(small, saved):
    """And its number is the calibration's own: there is one answer."""
    assert ooms.forecast(saved, draws=DRAWS).probability(EVENT) == small.after(EVENT)


def test_events_that_are_not_in_the_file_need_the_model(saved):
    with pytest.raises(UserError) as caught:
        open_calibration(saved).contributions("3 years in 1 year")
    (problem,) = caught.value.problems
    assert "ooms calibrate davidson-2025+open --surveys compute-polls substitution-studies" in problem.remedy


@pytest.mark.slow
def test_a_thinned_file_is_smaller_and_says_the_same(small, saved, tmp_path):
    with pytest.raises(UserError, match="give 256 or more"):
        small.save(tmp_path / "thin.toml", keep=250)
    small.save(tmp_path / "thin.toml", keep=256)
    thin = open_calibration(tmp_path / "thin.toml")
    assert thin.shape == (4, 256)
    assert thin.diagnostics == small.diagnostics
    assert (tmp_path / "thin.nc").stat().st_size < 0.6 * saved.with_suffix(".nc").stat().st_size
    assert (tmp_path / "thin.csv").read_text() == saved.with_suffix(".csv").read_text()
    assert thin.chances(EVENT).mean() == pytest.approx(small.after(EVENT).value, abs=0.03)
    (tmp_path / "again").mkdir()
    thin.save(tmp_path / "again" / "thin.toml")
    for ending in (".toml", ".csv"):  # all joint draws, though thin.nc holds fewer
        texts = [(folder / f"thin{ending}").read_text() for folder in (tmp_path, tmp_path / "again")]
        assert len({text.partition("[calibration.files]")[0] for text in texts}) == 1


def test_an_unsound_one_is_written_only_by_force_and_says_so(opened, tmp_path):
    bad = twin(opened, [load_survey("compute-polls")], draws=500, points=2**14, diverging=3)
    assert not bad.sound
    with pytest.raises(UserError) as caught:
        bad.save(tmp_path / "bad.toml")
    (problem,) = caught.value.problems
    assert "the number of divergent transitions is 3" in problem.what
    assert "force=True" in problem.remedy
    assert "smaller steps" in problem.remedy
    assert not list(tmp_path.iterdir())
    bad.save(tmp_path / "bad.toml", force=True)
    with pytest.warns(ooms.BeliefWarning, match="unsound-calibration"):
        view = ooms.load(tmp_path / "bad.toml")
    assert "divergent transitions is 3" in view.warnings[0]
    with pytest.warns(ooms.BeliefWarning, match="unsound-calibration"):
        assert not open_calibration(tmp_path / "bad.toml").sound
    assert "divergent transitions is 3" in bad.view.warnings[0]
    assert "divergent transitions is 3" in ooms.forecast(bad.view, draws=2**10).data.attrs["warnings"]


def test_a_calibration_cannot_be_calibrated_again_by_mistake(saved):
    """Its draws have no density, and the same answers would count twice."""
    with pytest.raises(UserError, match="holds joint draws"):
        twin(ooms.load(saved), [load_survey("compute-polls")], draws=200, points=2**10)


def test_what_is_kept_is_plain_json(small):
    assert json.loads(json.dumps([one.plain() for one in small.contributions(EVENT)]))
    back = [Contribution.from_plain(one.plain()) for one in small.contributions(EVENT)]
    assert back == list(small.contributions(EVENT))
    assert replace(back[0], survey="x") != back[0]


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        (("davidson-2025", (), None, {}), "ooms calibrate davidson-2025"),
        (("my view.toml", ("rho ~ uniform(-1, 0)",), ["compute-polls"], {"seed": 3, "draws": 2000}),
         "ooms calibrate 'my view.toml' --set 'rho ~ uniform(-1, 0)' --surveys compute-polls --draws 2000 --seed 3"),
    ],
)  # fmt: skip
def test_the_command_that_makes_it_again(asked, command):
    view, changes, names, options = asked
    surveys = [load_survey(name) for name in names or ()]
    found = Command.of(view, changes, surveys, names is None, NutsSettings(**options))
    assert str(found) == command
    assert Command(**json.loads(json.dumps(asdict(found)))) == replace(found, changes=list(changes))


def test_a_survey_of_ones_own_is_named_by_its_file(tmp_path):
    path = shutil.copy(load_survey("compute-polls").file, tmp_path / "mine.toml")
    found = Command.of("davidson-2025", (), [load_survey(path)], False, NutsSettings())
    assert str(found) == f"ooms calibrate davidson-2025 --surveys {path}"


@pytest.mark.sweep(1)
@pytest.mark.parametrize("name", shipped_calibrations())
def test_shipped_answers_are_of_the_numbers_of_this_version(name):
    about = tomllib.loads(find(name).read_text(encoding="utf-8"))["calibration"]["forecast"]
    assert about["numbers"] == NUMBERS
    assert open_calibration(name).known_probabilities.keys() == about["events"].keys()
