"""The form of prior, study and survey files as JSON Schema, from the models and registries that read them."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Literal

from pydantic import BaseModel

from ooms.beliefs.spec import Documentation, ViewSpec
from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.registry import REGISTRY
from ooms.distributions.marginals.words import QUANTILE_KEY
from ooms.parameters import ROUTE_FIELDS, Parameter, known, known_names

__all__ = ["schema"]

type Form = dict[str, Any]

_QUANTILE = f"^(excess_)?{QUANTILE_KEY.pattern}$"
_VALUES: Form = {
    "float": {"type": "number"},
    "str": {"type": "string"},
    "tuple[float, ...]": {"type": "array", "items": {"type": "number"}},
}
"""By the type of a family's field, as written there; any other is a list of distributions."""


def schema(kind: Literal["priors", "study", "survey"]) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of prior, study or survey files, for editors that complete and check TOML.

    It says what keys there are and of what kind their values; whether beliefs can stand together is told by the
    readers alone.

    Parameters
    ----------
    kind : "priors", "study" or "survey"
        Which files.

    Examples
    --------
    >>> schema("priors")["properties"]["parameters"]["properties"]["rho"]["description"][:3]
    'rho'
    """
    form = {"priors": _priors, "study": _study, "survey": _survey}[kind]()
    shared = {"distribution": _distribution({}), "belief": _distribution(_documentation())}
    form["$defs"] = form.get("$defs", {}) | shared
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **form}


def _priors() -> Form:
    form = ViewSpec.model_json_schema()
    beliefs = _table({name: _belief(known(name)) for name in known_names() if "." not in name})
    routes = {"type": "array", "items": _table({key: _belief(p) for key, p in ROUTE_FIELDS.items()}, *ROUTE_FIELDS)}
    for section in (form, form["$defs"]["OptionSpec"]):
        section["properties"] |= {"parameters": beliefs, "routes": routes}
    return form


def _study() -> Form:
    from ooms.batch.axes import RANGE
    from ooms.batch.spec import StudySpec
    from ooms.beliefs.view import SWITCHES

    form = StudySpec.model_json_schema()
    values = {"type": "array", "minItems": 1, "items": {"type": ["number", "boolean", "string"]}}
    ends = {"low": {"type": "number"}, "high": {"type": "number"}, "points": {"type": "integer", "minimum": 2}}
    span = _table({key: ends.get(key, {"enum": ["linear", "log"]}) for key in RANGE}, *ends)
    named = {name: {"description": _described(known(name))} for name in known_names()} | {name: {} for name in SWITCHES}
    zipped = _table({"label": values} | {name: {**said, **values} for name, said in named.items()})
    grid = {name: {**said, "anyOf": [values, span]} for name, said in named.items()}
    form["properties"] |= {"grid": _table(grid), "zipped": {"type": "object", "additionalProperties": zipped}}
    return form


def _survey() -> Form:
    from ooms.beliefs.references import Reference
    from ooms.calibrating.likelihoods.registry import KINDS
    from ooms.calibrating.links.registry import LINKS
    from ooms.calibrating.surveys.spec import ItemSpec, SurveySpec

    form, defs = SurveySpec.model_json_schema(), dict[str, Form]()

    def part(model: type[BaseModel]) -> Form:
        found = model.model_json_schema()
        defs.update(found.pop("$defs", {}))
        return found

    item, links = part(ItemSpec), list[Form]()
    for kind, link in LINKS.items():
        found = part(link)
        required = ["kind", *found.get("required", ())]
        links.append(found | {"properties": {"kind": {"const": kind}, **found["properties"]}, "required": required})
    kinds = [_table({"kind": {"const": kind}} | {key: {} for key in each.keys}, "kind") for kind, each in KINDS.items()]
    prior = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/distribution"}]}
    item["properties"] |= {"link": {"anyOf": links}, "likelihood": {"anyOf": kinds}}
    item["properties"]["priors"] = {"type": "object", "additionalProperties": prior}
    for key, of in {"latent": {"$ref": "#/$defs/belief"}, "items": item, "references": part(Reference)}.items():
        form["properties"][key] = {"type": "object", "additionalProperties": of}
    return form | {"$defs": defs}


def _described(parameter: Parameter) -> str:
    unit = f", {parameter.unit}" if parameter.unit else ""
    return f"{parameter.symbol}{unit}, in {parameter.domain()}: {parameter.meaning}"


def _belief(parameter: Parameter) -> Form:
    value: Form = {}
    if math.isfinite(parameter.low):
        value["exclusiveMinimum" if parameter.open_low else "minimum"] = parameter.low
    if math.isfinite(parameter.high):
        value["exclusiveMaximum" if parameter.open_high else "maximum"] = parameter.high
    return {"description": _described(parameter), "$ref": "#/$defs/belief", "properties": {"value": value}}


def _documentation() -> Form:
    return Documentation.model_json_schema()["properties"]


def _distribution(beside: Form) -> Form:
    return {"anyOf": [_family(family, beside) for family in REGISTRY.values()]}


def _family(family: type[Marginal], beside: Form) -> Form:
    lists = {"type": "array", "items": {"$ref": "#/$defs/distribution"}}
    keys = {"distribution": {"const": family.family}}
    keys |= {key: _VALUES.get(str(field.type), lists) for key, field in family.keys().items()}
    needed = [key for key, field in family.keys().items() if field.default is dataclasses.MISSING]
    ways: list[Form] = [{"required": needed}]
    form = _table({**keys, **beside}, *["source"] * bool(beside), *["distribution"] * (family.family != "fixed"))
    if family.quantile_counts:
        pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        form["properties"] |= {"interval": pair, "mass": {"type": "number"}}
        form["patternProperties"] = {_QUANTILE: {"type": ["number", "object"]}}  # TOML reads p2.5 as a table
        ways += [{"required": ["interval"]}, {"not": {"propertyNames": {"not": {"pattern": _QUANTILE}}}}]
    if family.family == "empirical" and beside:
        form["properties"]["draws"] = {"type": "string", "description": "a file of joint draws, beside this one"}
        ways.append({"required": ["draws"]})
    return form | {"anyOf": ways}


def _table(properties: Form, *required: str) -> Form:
    return {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}
