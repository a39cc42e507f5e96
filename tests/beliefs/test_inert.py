"""What has no effect is named, and what is named has none: by the whole model, for every parameter and option."""

from __future__ import annotations

import dataclasses
import re
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

import ooms
from ooms.beliefs.draws import Sampler
from ooms.beliefs.options import SWITCHES
from ooms.beliefs.reasons import reason
from ooms.beliefs.resources import RESOURCES, equipped
from ooms.beliefs.view import BeliefWarning
from ooms.files.library import shipped
from ooms.outcomes import ACCELERATES, DEFAULT_QUANTITIES, RESOURCE_QUANTITIES, Run, parse_event, parse_quantity
from ooms.parameters import known, known_names
from ooms.problems import UserError

DESCRIPTIVE = ("labour share at the start", "max speed")
EVENTS = ("5 ooms in 1 year", "3 years in 1 year", "33.2 doublings in 1 year anywhere", ACCELERATES)
QUANTITIES = (*DEFAULT_QUANTITIES, "time of doubling 5", *RESOURCE_QUANTITIES)
NO_REASON = reason((), ooms.load("davidson-2025"), None)[0]


@contextmanager
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BeliefWarning)
        yield


def load(name):
    with quiet():
        return ooms.load(name)


def answers(view, draws=64):
    """Everything that can be asked, at some draws, by the whole model; and whether calendar time is in it."""
    inputs = Sampler(equipped(view, RESOURCES), 0).block(0, draws).inputs
    run = Run(inputs, 24, dense=True)
    asked = {name: np.broadcast_to(parse_quantity(name).values(run), draws).copy() for name in QUANTITIES}
    asked |= {text: np.broadcast_to(parse_event(text).years_taken(run), draws).copy() for text in EVENTS}
    return inputs.has_clock, asked


def differ(one, other):
    """The answers in which they differ by more than rounding does, or the solvers with and without calendar time do.

    Where a maximum lies is known to the root of rounding; of what takes ages, calendar time only tells that it does.
    """
    (clock, a), (other_clock, b) = one, other
    near, ages = (1e-6, np.inf) if clock == other_clock else (1e-3, 200.0)
    return {
        name
        for name in a
        if not np.allclose(np.minimum(a[name], ages), np.minimum(b[name], ages), rtol=near, atol=near, equal_nan=True)
    }


def another(name):
    """Some value inside the parameter's domain, other than any that a view is likely to have."""
    p = known(name)
    low, high = max(p.low, -1.0), min(p.high, max(p.low, -1.0) + 4.0)
    return round(low + 0.3713 * (high - low), 4)


CHANGES = {name: another(name) for name in known_names()} | {
    f"{switch}={position}": position for switch in SWITCHES for position in (True, False)
}


def told(view, name):
    """Warnings of no effect that name it."""
    texts = [w for w in view.warnings if w.startswith("no-effect: ")]
    return [w for w in texts if re.search(rf"\b{re.escape(name)}\b", w.split(":")[1])]


def complaints(view, key, moved):
    """What is wrong with what is said of a change that moves these answers: it is to be named if it moves none."""
    name, found = key.partition("=")[0], []
    named = told(view, name)
    if bool(named) != (moved <= {*DESCRIPTIVE}):
        found.append(f"{view.label}: {key} moves {sorted(moved)[:4]}, warned {named}")
    for text in named:
        but = {one for one in DESCRIPTIVE if one in text.partition("nothing but")[2].partition(":")[0]}
        if NO_REASON in text or but != moved & {*DESCRIPTIVE}:
            found.append(f"{view.label}: {key} moves {sorted(moved)}, said {text}")
    return found


def sweep(view, keys=tuple(CHANGES)):
    was, found, made = answers(view), [], 0
    for key in keys:
        try:
            with quiet():
                after = view.replace(**{key.partition("=")[0]: CHANGES[key]})
            now = answers(after)
        except UserError:
            continue
        made += 1
        found += complaints(after, key, differ(was, now))
    assert made >= len(keys) / 2
    assert found == []


VIEWS_AND_OPTIONS = [name for view in shipped() for name in (view, *(f"{view}+{o}" for o in load(view).options))]
SOME = ("workforce", "compute_share", "compute_exponent", "taste_start", "taste_limit", "hardware_shock_year",
        "software_share", "training_cost", "rho", "ramp_years",
        "compute_adjustment=True", "retraining=True")  # fmt: skip


@pytest.mark.parametrize("name", ["davidson-houlden-2025"])
def test_a_what_if_is_named_if_it_has_no_effect_and_only_then(name):
    sweep(load(name), [key for key in CHANGES if key in SOME])


@pytest.mark.slow
@pytest.mark.parametrize("name", VIEWS_AND_OPTIONS)
def test_every_what_if_is_named_if_it_has_no_effect_and_only_then(name):
    sweep(load(name))


def sweep_files(name, folder, keys):
    was, found = answers(load(name)), []
    for key in keys:
        (folder / "mine.toml").write_text(
            f'extends = "{name}"\n[parameters]\n{key} = {{value = {CHANGES[key]}, source = "me"}}\n'
        )
        try:
            after = load(folder / "mine.toml")
            now = answers(after)
        except UserError:
            continue
        found += complaints(after, key, differ(was, now))
    assert found == []


PARAMETERS_ONLY = [key for key in CHANGES if "=" not in key]


@pytest.mark.parametrize("name", ["davidson-houlden-2025"])
def test_what_a_file_states_is_named_if_it_has_no_effect_and_only_then(name, tmp_path):
    sweep_files(name, tmp_path, [key for key in PARAMETERS_ONLY if key in SOME])


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped())
def test_all_that_a_file_can_state_is_named_if_it_has_no_effect_and_only_then(name, tmp_path):
    sweep_files(name, tmp_path, PARAMETERS_ONLY)


FEW = ("davidson-2025+smarter-faster", "economists-2025+open", "davidson-houlden-2025+retraining")


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in FEW else pytest.mark.slow) for n in VIEWS_AND_OPTIONS if "+" in n]
)
def test_an_option_without_effect_is_named_and_no_other(name):
    stem, _, option = name.partition("+")
    view, before = load(name), load(stem)
    idle = not differ(answers(before), answers(view)) - {*DESCRIPTIVE}
    assert idle == (f"no-effect: +{option} changes nothing" in " ".join(view.warnings) or (
        idle and all(told(view, n) for n in view.options[option].beliefs)))  # fmt: skip
    for text in view.warnings:
        names = {n for n in view.options[option].beliefs if n in re.findall(r"\w+", text.split(":")[1])}
        rest = {n: b for n, b in view.options[option].beliefs.items() if n not in names}
        without = before.overlaid(dataclasses.replace(view.options[option], beliefs=rest))
        assert differ(answers(view), answers(without)) <= {*DESCRIPTIVE}, text


def check_together(view, changes):
    """What is named can be taken away, all of it; and of the rest nothing can."""
    def made(names):
        with quiet():
            return view.replace(**{name: changes[name] for name in names})

    try:
        whole = made(changes)
        now = answers(whole)
    except UserError:
        return
    named = {name for name in changes if told(whole, name)}
    rest = changes.keys() - named
    try:
        assert differ(now, answers(made(rest))) <= {*DESCRIPTIVE}, whole.warnings
    except UserError:  # what is left states too little
        pytest.fail(f"{whole.label} cannot be without {named}")
    for name in rest:
        try:
            less = answers(made(rest - {name}))
        except UserError:
            continue
        assert differ(now, less) - {*DESCRIPTIVE}, f"{whole.label}: {name} changes nothing, and is not named"


GROUPED = ("workforce", "speed", "initial_speedup", "rho", "taste_multiplier", "taste_start", "taste_limit",
           "experiment_efficiency", "compute_exponent", "hardware_shock", "hardware_shock_year", "ramp_years",
           "compute_adjustment", "declining_returns", "software_limit")  # fmt: skip
NOTHING = {"hardware_shock": 1, "taste_multiplier": 1, "taste_start": 0, "rho": 0, "initial_speedup": 1, "workforce": 1,
           "experiment_efficiency": 0, "compute_adjustment": False, "declining_returns": False}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 3, *(pytest.param(k, marks=pytest.mark.slow) for k in range(4, 200))])
def test_of_several_changes_at_once_those_that_could_be_left_out_are_named(seed):
    random = np.random.default_rng(seed)
    view = load(str(random.choice(["davidson-houlden-2025", "davidson-2025", "kwa-2026", "finite-resources"])))
    names = [str(name) for name in random.choice(GROUPED, 4, replace=False)]
    value = {name: CHANGES.get(name, True) for name in names}
    for name in names:
        if name in NOTHING and random.random() < 0.5:
            value[name] = NOTHING[name]
    check_together(view, value)


# -- in words ----------------------------------------------------------------------------------------------------------


def named(call):
    with quiet():
        return call().warnings


def test_it_says_why_and_what_would_give_it_an_effect():
    houlden = load("davidson-houlden-2025")
    assert named(lambda: houlden.replace(workforce=1000)) == (
        "no-effect: workforce = 1000 changes nothing: initial_speedup replaces what it adds at the start, and at rho = "
        "0 it matters nowhere else; give a rho other than 0, or a prior file without initial_speedup",
    )
    (text,) = named(lambda: houlden.replace(compute_share=0.3))
    assert text.startswith("no-effect: compute_share = 0.3 changes nothing but the labour share at the start: ")
    assert named(lambda: houlden.replace(rho=0)) == named(lambda: houlden.replace(rho=0.0)) == (
        "no-effect: rho = 0 changes nothing: the same as before; give another value, or leave it out",
    )  # fmt: skip
    (text,) = named(lambda: houlden.replace(workforce=1000, speed=3))
    assert text.startswith("no-effect: workforce = 1000 and speed = 3 change nothing: ")
    (text,) = named(lambda: houlden.replace(declining_returns=False, software_limit=9))
    assert text.startswith("no-effect: software_limit = 9 changes nothing: declining_returns is off")
    (text,) = named(lambda: load("kwa-2026").replace(compute_adjustment=False))
    assert "nothing to adjust; state returns" in text
    (text,) = named(lambda: load("eth-davidson-2025").replace(taste_start=2))
    assert text.endswith("at a taste_multiplier of 1 taste makes no difference; give a taste_multiplier above 1")


def test_following_the_remedy_gives_it_an_effect():
    houlden = load("davidson-houlden-2025")
    for changes in ({"workforce": 1000, "rho": -0.1}, {"taste_start": 1, "taste_multiplier": 3},
                    {"compute_exponent": 0.5, "experiment_efficiency": 0.3}, {"compute_share": 0.3, "rho": -0.1},
                    {"experiment_efficiency": 0.3, "compute_share": 0.3}):  # fmt: skip
        assert named(lambda changes=changes: houlden.replace(**changes)) == ()


def test_it_is_a_warning_in_python_at_the_line_of_the_caller():
    with pytest.warns(BeliefWarning, match="^no-effect: workforce = 7 ") as caught:
        load("davidson-houlden-2025").replace(workforce=7)
    assert caught[0].filename == __file__


def test_what_was_without_effect_is_named_until_it_has_one():
    once = load("davidson-houlden-2025")
    with quiet():
        once = once.replace(workforce=1000)
        assert told(once.replace(returns=1.2), "workforce")
        assert once.replace(rho=-0.2).warnings == ()
        assert told(once.replace(rho=-0.2).replace(rho=0), "workforce")
        assert not told(once.replace(workforce=2000).replace(initial_speedup=3, rho=-0.3), "workforce")


def test_a_what_if_that_replaces_another_is_no_news():
    with quiet():
        assert load("davidson-2025").replace(rho=-0.4).replace(rho=-0.3).warnings == ()


FILE = 'extends = "davidson-houlden-2025"\n[parameters]\nworkforce = {value = 1000, source = "me"%s}\n'


def test_a_file_can_say_itself_that_it_states_something_without_effect(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(FILE % "")
    assert told(load(path), "workforce")
    with quiet():
        assert told(load(path).replace(returns=2), "workforce")
        assert not told(load(path).replace(rho=-0.2), "workforce")
    path.write_text(FILE % ", without_effect = true")
    assert ooms.load(path).warnings == ()
    (tmp_path / "child.toml").write_text('extends = "mine"\n')
    path.write_text(FILE % "")
    assert ooms.load(tmp_path / "child.toml").warnings == (), "what it extends says it, and is told of it"


def test_what_a_file_has_to_state_and_what_it_repeats_is_not_named(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "davidson-2025"\n[parameters]\nworkforce = {value = 30, source = "me"}\n')
    assert ooms.load(path).warnings == ()
    assert ooms.load("kwa-2026").warnings == ()  # compute_exponent, of which it says that it has no effect


@pytest.mark.sweep(4)
@pytest.mark.parametrize("name", shipped())
def test_shipped_files_say_truly_what_is_without_effect(name):
    view = load(name)
    said = {n for layer in view.layers for n, b in layer.beliefs.items() if b.without_effect}
    was = answers(view)
    for n in said:
        (layer,) = view.layers
        rest = {k: b for k, b in layer.beliefs.items() if k != n}
        assert not differ(was, answers(view.ground.overlaid(dataclasses.replace(layer, beliefs=rest)))), n


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("davidson-2025+messy-estimates+max-speed", "overruled: +max-speed replaces what +messy-estimates says about "
         "sigma (by max_speed); leave one out, or name +messy-estimates last"),
        ("davidson-2025+max-speed+extrapolation", "overruled: +extrapolation replaces what +max-speed says about "
         "rho_discrepancy; leave one out, or name +max-speed last"),
        ("davidson-houlden-2025+retraining+retraining-as-coded", "overruled: +retraining-as-coded replaces what "
         "+retraining says about retraining; leave one out, or name +retraining last"),
        ("davidson-2025+long-run+other-routes", None),
        ("economists-2025+long-run+cheaper-experiments", None),
    ],
)  # fmt: skip
def test_options_that_overrule_each_other(name, expected):
    assert [w for w in load(name).warnings if w.startswith("overruled")] == ([expected] if expected else [])


def test_options_overruled_by_what_ifs_and_files(tmp_path):
    with quiet():
        (text,) = load("davidson-2025+max-speed").replace(rho=-0.4).warnings
    assert text.startswith("overruled: the what-if replaces what +max-speed says about max_speed (by rho)")
    (tmp_path / "mine.toml").write_text(
        'extends = "davidson-2025+max-speed"\n[parameters]\nrho = {value = -0.4, source = "me"}\n'
    )
    (text,) = load(tmp_path / "mine.toml").warnings
    assert text.startswith("overruled: mine replaces what +max-speed says about max_speed (by rho)")


def test_a_correlation_without_effect_is_named(tmp_path):
    path = tmp_path / "mine.toml"
    tied = '[[correlations]]\nbetween = ["{}", "returns"]\nspearman = 0.5\n'
    wide = '{distribution = "lognormal", p10 = 0.2, p90 = 0.8, source = "me"}'
    head = f'extends = "davidson-houlden-2025"\n[parameters]\nworkforce = {wide}\n'
    path.write_text(head + tied.format("workforce"))
    assert told(load(path), "workforce")
    path.write_text('extends = "davidson-2025"\n' + tied.format("software_growth"))
    assert load(path).warnings == ()


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("first", "second"), [("smarter-faster", "long-run"), ("extrapolation", "open"), ("extrapolation", "again")]
)
def test_an_option_of_which_a_later_one_repeats_a_part_is_named(first, second):
    if second == "again":
        base = load("davidson-2025")
        again = dataclasses.replace(base.options[first], name=second)
        with quiet():
            view = dataclasses.replace(base, options={**base.options, second: again}).with_options(first, second)
            alone = dataclasses.replace(base, options={second: again}).with_options(second)
    else:
        view, alone = load(f"davidson-2025+{first}+{second}"), load(f"davidson-2025+{second}")
    assert not differ(answers(view), answers(alone))
    text = f"no-effect: +{first} changes nothing: all that it says is believed without it; leave it out"
    assert text in view.warnings


def test_an_option_that_a_later_one_overrules_is_named_once():
    (text,) = load("davidson-2025+max-speed+messy-estimates").warnings
    assert text.startswith("overruled: +messy-estimates replaces what +max-speed says about max_speed (by sigma)")
