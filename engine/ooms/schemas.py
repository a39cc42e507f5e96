"""The form of prior, study and survey files as JSON Schema, from the models and registries that read them."""

from __future__ import annotations

import math
from typing import Any, Literal

from pydantic import BaseModel

from ooms.beliefs.spec import Documentation, ViewSpec
from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.registry import REGISTRY
from ooms.distributions.marginals.words import QUANTILE_KEY
from ooms.files.forms import Schema, object_schema
from ooms.files.forms import schema as schema_of
from ooms.parameters import ROUTE_FIELDS, Parameter, known, known_names
from ooms.results.plain import schema as results_schema

__all__ = ["described", "schema"]

_QUANTILE = f"^(excess_)?{QUANTILE_KEY.pattern}$"


def schema(kind: Literal["priors", "study", "survey", "results"]) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of prior, study or survey files, or of what ``--json`` prints.

    By the schema of files editors complete and check TOML. It says what keys there are and of what kind their values;
    whether beliefs can stand together is told by the readers alone.

    Parameters
    ----------
    kind : "priors", "study", "survey" or "results"
        Which files; or the results of all commands, told apart by their `kind`.

    Examples
    --------
    >>> schema("priors")["properties"]["parameters"]["properties"]["rho"]["description"][:3]
    'rho'
    """
    if kind == "results":
        return results_schema()
    form = {"priors": _priors, "study": _study, "survey": _survey}[kind]()
    shared = {"distribution": _distribution({}), "belief": _distribution(_documentation())}
    form["$defs"] = form.get("$defs", {}) | shared
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **form}


def _priors() -> Schema:
    form = ViewSpec.model_json_schema()
    beliefs = object_schema({name: _belief(known(name)) for name in known_names() if "." not in name})
    route = object_schema({key: _belief(field) for key, field in ROUTE_FIELDS.items()}, *ROUTE_FIELDS)
    routes = {"type": "array", "items": route}
    for section in (form, form["$defs"]["OptionSpec"]):
        section["properties"] |= {"parameters": beliefs, "routes": routes}
    return form


def _study() -> Schema:
    from ooms.batch.axes import Range
    from ooms.batch.spec import StudySpec
    from ooms.beliefs.options import SWITCHES

    form = StudySpec.model_json_schema()
    values = {"type": "array", "minItems": 1, "items": {"type": ["number", "boolean", "string"]}}
    named = {name: {"description": described(known(name))} for name in known_names()} | {name: {} for name in SWITCHES}
    zipped = object_schema({"label": values} | {name: {**said, **values} for name, said in named.items()})
    grid = {name: {**said, "anyOf": [values, schema_of(Range)]} for name, said in named.items()}
    form["properties"] |= {"grid": object_schema(grid), "zipped": {"type": "object", "additionalProperties": zipped}}
    return form


def _survey() -> Schema:
    from ooms.beliefs.references import Reference
    from ooms.calibrating.likelihoods.registry import KINDS
    from ooms.calibrating.links.registry import LINKS
    from ooms.calibrating.surveys.spec import ItemSpec, SurveySpec

    form, defs = SurveySpec.model_json_schema(), dict[str, Schema]()

    def part(model: type[BaseModel]) -> Schema:
        found = model.model_json_schema()
        defs.update(found.pop("$defs", {}))
        return found

    item = part(ItemSpec)
    prior = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/distribution"}]}
    item["properties"] |= {"link": LINKS.schema(), "likelihood": KINDS.schema()}
    item["properties"]["priors"] = {"type": "object", "additionalProperties": prior}
    for key, of in {"latent": {"$ref": "#/$defs/belief"}, "items": item, "references": part(Reference)}.items():
        form["properties"][key] = {"type": "object", "additionalProperties": of}
    return form | {"$defs": defs}


def described(parameter: Parameter) -> str:
    """A parameter's symbol, unit, domain and meaning."""
    unit = f", {parameter.unit}" if parameter.unit not in ("", "-") else ""
    return f"{parameter.symbol}{unit}, in {parameter.domain()}: {parameter.meaning}"


def _belief(parameter: Parameter) -> Schema:
    value: Schema = {}
    if math.isfinite(parameter.low):
        value["exclusiveMinimum" if parameter.open_low else "minimum"] = parameter.low
    if math.isfinite(parameter.high):
        value["exclusiveMaximum" if parameter.open_high else "maximum"] = parameter.high
    return {"description": described(parameter), "$ref": "#/$defs/belief", "properties": {"value": value}}


def _documentation() -> Schema:
    return Documentation.model_json_schema()["properties"]


def _distribution(beside: Schema) -> Schema:
    return {"anyOf": [_family(family, beside) for family in REGISTRY.values()]}


def _family(family: type[Marginal], beside: Schema) -> Schema:
    form = schema_of(family, distribution={"const": family.family})
    form["properties"] |= beside
    named, *needed = form["required"]
    ways: list[Schema] = [{"required": needed}]
    form["required"] = [*["source"] * bool(beside), *[named] * (family.family != "fixed")]
    if family.quantile_counts:
        pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        form["properties"] |= {"interval": pair, "mass": {"type": "number"}}
        form["patternProperties"] = {_QUANTILE: {"type": ["number", "object"]}}  # TOML reads p2.5 as a table
        ways += [{"required": ["interval"]}, {"not": {"propertyNames": {"not": {"pattern": _QUANTILE}}}}]
    if family.family == "empirical" and beside:
        form["properties"]["draws"] = {"type": "string", "description": "a file of joint draws, beside this one"}
        ways.append({"required": ["draws"]})
    return form | {"anyOf": ways}
