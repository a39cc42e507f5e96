# Everything goes through uv: the one on PATH, or one put into a private environment inside this checkout.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PYTHON ?= python3

.PHONY: help forecast test failed check lowest fuzz slow alone exhaustive browser notebooks bench accuracy calibrated sbc wheel clean

help: ## what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv

forecast: $(filter .uv/%,$(UV)) ## the default view: how likely are 5 OOMs in under a year?
	@$(UV) run --quiet ooms forecast

test: $(filter .uv/%,$(UV)) ## the test suite
	$(UV) run pytest

failed: $(filter .uv/%,$(UV)) ## what failed last, once more, one test at a time
	$(UV) run pytest --last-failed --last-failed-no-failures none -m "" -n 0 --timeout 2400

check: $(filter .uv/%,$(UV)) ## formatting, lints and types
	$(UV) run ruff check
	$(UV) run pyright

lowest: $(filter .uv/%,$(UV)) ## the main commands under the lowest versions that pyproject.toml allows, in dist/lowest
	$(UV) venv --quiet --clear --no-python-downloads dist/lowest
	$(UV) pip install --quiet --python dist/lowest/bin/python --resolution lowest-direct ".[calibrate,cluster,parquet]"
	dist/lowest/bin/python tests/lowest.py

fuzz: $(filter .uv/%,$(UV)) ## 20,000 inputs made by changing sound ones: each answered or refused (FUZZ='--help' for more)
	PYTHONPATH=tests $(UV) run python -m fuzzing $(FUZZ)

slow: $(filter .uv/%,$(UV)) ## the slow tests: sweeps over views and options (12 of each), studies over hundreds of seeds, 2^24 draws
	$(UV) run pytest -m "slow and not alone and not exhaustive" --timeout 2400

alone: $(filter .uv/%,$(UV)) ## those slow tests that use all processors or hold the clock to a figure, one at a time
	$(UV) run pytest -m "slow and alone" -n 0 --timeout 2400

exhaustive: $(filter .uv/%,$(UV)) ## sweeps over all views and options; every edge of every domain of six views (not in .ci/run)
	$(UV) run pytest -m exhaustive --timeout 2400

browser: $(filter .uv/%,$(UV)) ## the pages of reports in a real browser: needs Chromium (Debian: apt-get install chromium)
	$(UV) run pytest -m browser tests/browser

notebooks: $(filter .uv/%,$(UV)) ## the notebooks, executed again with their outputs
	$(UV) run python tests/execute_notebooks.py

bench: $(filter .uv/%,$(UV)) ## speed, as ratios within one run
	$(UV) run python tests/benchmarks/ratios.py
	PYTHONPATH=tests $(UV) run python -m benchmarks.batches

accuracy: $(filter .uv/%,$(UV)) ## every reading of every shipped view against an adaptive solver, 500 draws a view (about 10 minutes on 2 cores)
	$(UV) run python tests/model/accuracy.py

calibrated: $(filter .uv/%,$(UV)) ## the shipped calibrations, made again (about 5 minutes)
	$(UV) run ooms calibrate davidson-2025 --keep 300 -o priors/calibrated/davidson-2025.toml
	$(UV) run ooms calibrate davidson-2025+open --keep 300 -o priors/calibrated/davidson-2025-open.toml

sbc: $(filter .uv/%,$(UV)) ## simulation-based calibration of every likelihood and the joint model, kept in priors/calibrated
	$(UV) run ooms sbc --joint --simulations 200 -o priors/calibrated/sbc.toml

wheel: $(filter .uv/%,$(UV)) ## the wheel, in dist/, and a forecast from it in an empty environment
	rm -rf dist
	$(UV) build --wheel --quiet
	$(UV) venv --quiet --clear dist/empty
	$(UV) pip install --quiet --python dist/empty/bin/python dist/*.whl
	cd dist && empty/bin/ooms forecast --event "5 ooms in 1 year" && empty/bin/ooms priors list

clean: ## what make made
	rm -rf .venv .uv dist
