// The reader chooses ranges of inputs; every picture and the headline are worked out again from the draws in the page.
"use strict";
(() => {
  const given = JSON.parse(document.getElementById("explorer-data").textContent);
  const specs = JSON.parse(document.getElementById("live-charts").textContent);
  const STEPS = 200;
  const ENDLESS = 65535;
  const FEW = 100; // draws below which no picture is drawn
  const AROUND = Math.max(2 * FEW, Math.round(given.draws / 20)); // draws that stand for a value that is typed
  const NARROW = 460; // pixels
  const SINGLE = 16; // draws that are drawn one by one
  const n = given.draws;

  // -- columns ------------------------------------------------------------------------------------------------------

  function bytes(text) {
    const raw = atob(text);
    const found = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) found[i] = raw.charCodeAt(i);
    return found.buffer;
  }
  const floats = (text) => new Float32Array(bytes(text));
  function unpacked(column) {
    const codes = new Uint16Array(bytes(column.codes));
    const step = (column.high - column.low) / (ENDLESS - 1);
    return Float64Array.from(codes, (c) => (c === ENDLESS ? Infinity : column.low + c * step));
  }
  const inputs = given.inputs.map((one) => ({ ...one, values: unpacked(one.values), from: -Infinity, to: Infinity }));
  const times = given.times.map((column) => unpacked(column).map(Math.exp));
  const year = unpacked(given.year);
  const path = given.path.map(unpacked);
  const production = given.production && { rho: floats(given.production.rho), share: floats(given.production.share) };

  // -- statistics ---------------------------------------------------------------------------------------------------

  const all = Uint32Array.from({ length: n }, (_, i) => i);
  const pick = (column, rows) => Float64Array.from(rows, (i) => column[i]).sort();
  function quantile(sorted, q) {
    const place = q * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, sorted.length - 1);
    if (sorted[low] === sorted[high]) return sorted[low];
    return sorted[high] === Infinity ? Infinity : sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  }
  function shareAtMost(column, limit, rows) {
    let count = 0;
    for (const i of rows) if (column[i] <= limit) count++;
    return count / rows.length;
  }
  // Share of the rows at or below a limit, with the error that the independent randomisations show.
  function chance(column, limit, rows) {
    const groups = given.randomisations;
    const hits = new Float64Array(groups);
    const sizes = new Float64Array(groups);
    for (const i of rows) {
      sizes[i % groups]++;
      if (column[i] <= limit) hits[i % groups]++;
    }
    const share = hits.reduce((a, b) => a + b, 0) / rows.length;
    let squares = 0;
    for (let g = 0; g < groups; g++) squares += (hits[g] - share * sizes[g]) ** 2;
    const spread = Math.sqrt((squares * groups) / (groups - 1)) / rows.length;
    const plain = Math.sqrt(Math.max(share * (1 - share), 1 / rows.length) / rows.length);
    return { share, error: rows.length < 20 * groups || spread === 0 ? plain : spread };
  }

  // -- numbers as people read them ----------------------------------------------------------------------------------

  const lead = (x) => Math.floor(Math.log10(Math.abs(x)) + 1e-12);
  function rounded(value, error, most = 4) {
    if (value === 0) return "0";
    let place = lead(value) - most + 1;
    if (error > 0) place = Math.max(place, lead(error));
    const unit = 10 ** place;
    return (Math.round(value / unit) * unit).toFixed(Math.max(-place, 0));
  }
  function percent(share, error = 0) {
    const value = 100 * share;
    if (value <= 0 || value >= 100) {
      const least = rounded(Math.max(0.1, 100 * error), 0, 1); // what so many draws can show
      if (error === 0) return value <= 0 ? "0 %" : "100 %";
      return value <= 0 ? `<${least} %` : `>${rounded(100 - least, 0)} %`;
    }
    if (value < 0.1 || value > 99.9) return value < 0.1 ? "<0.1 %" : ">99.9 %";
    return rounded(value, Math.max(value >= 9.95 && value <= 99.05 ? 1 : 0.1, 100 * error)) + " %";
  }
  function plusMinus({ share, error }) {
    const place = Math.max(lead(100 * share) - 3, lead(100 * error)); // of the last digit that is shown
    const shown = rounded(Math.max(100 * error, 10 ** place), 0, 1);
    return `${rounded(100 * share, 10 ** place)} \u00b1 ${shown} %`;
  }
  const shared = (x) => Number(x.toPrecision(4)); // as a link says it, so that who opens it sees the same
  const short = (x) => String(shared(x)).replace("-", "\u2212");
  // As `in_words` of ooms/results/numbers.py.
  function inWords(share) {
    if (share > 0.95) return share < 1 ? `all but ${inWords(1 - share)}` : "always, in these futures";
    if (share < 0.001) return share > 0 ? "less than 1 in 1,000" : "never, in these futures";
    if (share < 0.09) return `about 1 in ${counted(Number((1 / share).toPrecision(share < 0.01 ? 2 : 3).split(".")[0]))}`;
    const off = (n) => Math.abs(Math.round(share * n) / n - share) + 0.004 * n + (Math.round(share * n) % n === 0 ? 1 : 0);
    const best = [2, 3, 4, 5, 10].reduce((a, b) => (off(b) < off(a) ? b : a));
    return `about ${Math.round(share * best)} in ${best}`;
  }
  function inFull(found, from) {
    return `${given.position}: ${inWords(found.share)} (${plusMinus(found)}) for 5 OOMs in 1 year, ${from}`;
  }
  const counted = (count) => count.toLocaleString("en-GB");

  // -- rows of each picture -----------------------------------------------------------------------------------------

  const LEVELS = { q05: 0.05, q25: 0.25, q50: 0.5, q75: 0.75, q95: 0.95 };
  function quantiles(sorted, inside) {
    return Object.fromEntries(Object.entries(LEVELS).map(([key, q]) => [key, inside(quantile(sorted, q))]));
  }
  const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
  const plural = (count) => (count > 1 ? "s" : "");

  const rowsOf = {
    progress(rows) {
      const bars = specs.progress.datasets.bars;
      const top = bars[bars.length - 1].to;
      const below = bars.map((bar) => shareAtMost(year, bar.to, rows));
      const middle = pick(year, rows);
      const [low, median, high] = [0.05, 0.5, 0.95].map((q) => quantile(middle, q));
      const rest = 1 - below[below.length - 1];
      const enough = chance(times[4], 1, rows);
      return {
        bars: bars.map((bar, k) => ({ ...bar, share: 100 * (below[k] - (k ? below[k - 1] : 0)) })),
        middle: [{ low: Math.min(low, top), median: Math.min(median, top), high: Math.min(high, top), later: high > top }],
        enough: [{ at: 5, text: `5 OOMs or more: ${percent(enough.share, enough.error)}` }],
        rest: rest >= 0.0005 ? [{ text: `beyond ${top} OOMs: ${percent(rest, chance(year, top, rows).error)} \u2192` }] : [],
      };
    },
    exceedance(rows) {
      const points = [];
      for (const window of given.windows)
        times.forEach((column, k) => {
          const { share, error } = chance(column, window.years, rows);
          points.push({ n: k + 1, window: window.name, chance: 100 * share, error: 100 * error, shown: plusMinus({ share, error }) });
        });
      return { points };
    },
    times(rows) {
      const [first, last] = [1 / 365.25, 100];
      return {
        rows: times.map((column, k) => {
          const sorted = pick(column, rows);
          const raw = quantiles(sorted, (x) => x);
          const soon = chance(column, last, rows);
          return {
            n: k + 1,
            label: `${k + 1} OOM${plural(k + 1)}`,
            ...quantiles(sorted, (x) => clamp(x, first, last)),
            middle: raw.q50 >= first && raw.q50 <= last ? raw.q50 : null,
            earlier: raw.q05 < first,
            later: raw.q95 > last,
            never: percent(1 - soon.share, soon.error),
          };
        }),
      };
    },
    fan(rows) {
      const top = specs.fan.datasets.frame[0].top;
      const inside = (x) => Math.min(x, top);
      const start = Object.fromEntries(["year", ...Object.keys(LEVELS)].map((key) => [key, 0]));
      const bands = [start, ...given.days.map((d, k) => ({ year: d / 365.25, ...quantiles(pick(path[k], rows), inside) }))];
      const lines = [];
      for (const draw of rows.slice(0, SINGLE)) {
        lines.push({ draw, year: 0, ooms: 0 });
        given.days.forEach((d, k) => lines.push({ draw, year: d / 365.25, ooms: inside(path[k][draw]) }));
      }
      const short = chance(path[path.length - 1], 5, rows);
      const soon = chance(times[4], 100, rows);
      const never = percent(1 - soon.share, soon.error);
      const text = `below 5 OOMs after 4 years: ${percent(short.share, short.error)}, never or after 100 years: ${never}`;
      return { bands, lines, note: [{ text }], frame: [{ top }] };
    },
    pace(rows) {
      const top = 1e6;
      const some = rows.slice(0, 2048);
      const curves = given.labour.map((labour) => {
        const log = Math.log(labour);
        const values = Float64Array.from(some, (i) => {
          const [rho, a] = [production.rho[i], production.share[i]];
          const power = Math.abs(rho) < 1e-9 ? (1 - a) * log : Math.log1p((1 - a) * Math.expm1(rho * log)) / rho;
          return Math.exp(power);
        }).sort();
        return { labour, ...quantiles(values, (x) => Math.min(x, top)) };
      });
      const speeds = Float64Array.from(rows, (i) =>
        production.rho[i] < -1e-9 ? Math.min(production.share[i] ** (1 / production.rho[i]), 1e300) : Infinity,
      ).sort();
      const found = [[0.05, "5 %"], [0.5, "median"], [0.95, "95 %"]]
        .map(([q, name]) => ({ at: quantile(speeds, q), name }))
        .filter(({ at }) => at <= top);
      const same = found.length > 1 && found[0].at === found[found.length - 1].at;
      const shown = same ? [{ ...found[0], name: "all simulated futures" }] : apart(found);
      return { curves, ceilings: shown.map(({ at, name }) => ({ at, text: `ceiling, ${name}: ${Number(at.toPrecision(2))} times` })) };
    },
    drivers(rows) {
      const reached = Uint8Array.from(rows, (i) => (times[4][i] <= 1 ? 1 : 0));
      const whole = reached.reduce((a, b) => a + b, 0) / rows.length;
      const names = ["lowest", "second", "third", "highest"];
      const found = inputs.map((input) => {
        const order = Array.from(rows, (i, k) => [input.values[i], reached[k]]).sort((a, b) => a[0] - b[0]);
        const quarters = parts(order, 4).map((part) => mean(part));
        return { input: input.label, quarters, share: ratio(order, whole) };
      });
      found.sort((a, b) => b.share.value - a.share.value);
      return {
        dots: found.flatMap((one) =>
          one.quarters.map((share, k) => {
            const error = Math.sqrt((share * (1 - share)) / (rows.length / 4));
            return { input: one.input, quarter: names[k], chance: 100 * share, error: 100 * error, shown: plusMinus({ share, error }) };
          }),
        ),
        inputs: found.map((one) => ({
          input: one.input,
          low: 100 * Math.min(...one.quarters),
          high: 100 * Math.max(...one.quarters),
          text: percentOfVariance(one.share),
        })),
        whole: [{ at: 100 * whole }],
        frame: [{ top: Math.min(100, 1.05 * Math.max(10, ...found.flatMap((one) => one.quarters.map((share) => 100 * share)))) }],
      };
    },
  };

  // Ceilings whose names would lie on one another are left out, the median last.
  function apart(found) {
    const kept = found.filter(({ name }) => name === "median");
    for (const one of found) if (kept.every(({ at }) => Math.abs(Math.log(one.at / at)) > 0.6)) kept.push(one);
    return kept;
  }
  function parts(order, count) {
    return Array.from({ length: count }, (_, k) =>
      order.slice(Math.floor((k * order.length) / count), Math.floor(((k + 1) * order.length) / count)),
    );
  }
  const mean = (part) => part.reduce((sum, pair) => sum + pair[1], 0) / Math.max(part.length, 1);
  // Correlation ratio by bins of equal counts, less what noise within bins adds to it; its error to first order.
  function ratio(order, whole) {
    const total = whole * (1 - whole) * order.length;
    if (!total) return { value: NaN, error: NaN };
    const bins = clamp(Math.round(order.length / 128), 4, 32);
    let between = 0;
    for (const part of parts(order, bins)) between += part.length * (mean(part) - whole) ** 2;
    const noise = ((total - between) * (bins - 1)) / (order.length - bins);
    const value = (between - noise) / total;
    const error = (2 * Math.sqrt(Math.max(value, 0)) * (1 - value)) / Math.sqrt(order.length) + Math.sqrt(2 * bins) / order.length;
    return { value, error };
  }
  function percentOfVariance({ value, error }) {
    if (Number.isNaN(value)) return "-";
    const shown = rounded(100 * Math.max(value, 0), Math.max(100 * error, value >= 0.0995 ? 1 : 0.1));
    return Number(shown) ? `${shown} %` : "0.0 %";
  }

  // -- which draws are left -----------------------------------------------------------------------------------------

  const even = (input, x) => (input.log ? Math.log(x) : x);
  function valueAt(input, step) {
    const [low, high] = [even(input, input.low), even(input, input.high)];
    const place = low + ((high - low) * step) / STEPS;
    return input.log ? Math.exp(place) : place;
  }
  const isWhole = (input) => input.from === -Infinity && input.to === Infinity;
  function stepOf(input, value) {
    const [low, high] = [even(input, input.low), even(input, input.high)];
    return clamp(Math.round(((even(input, clamp(value, input.low, input.high)) - low) / (high - low)) * STEPS), 0, STEPS);
  }
  function evenBounds(input) {
    // values are kept on the scale on which the axis is even
    return [input.from, input.to].map((x) => (Number.isFinite(x) ? even(input, x) : x));
  }
  function left() {
    const chosen = inputs.filter((input) => !isWhole(input)).map((input) => [input.values, ...evenBounds(input)]);
    return chosen.length ? all.filter((i) => chosen.every(([v, low, high]) => v[i] >= low && v[i] <= high)) : all;
  }
  function rangeInWords(input) {
    const [low, high] = [input.from, input.to];
    if (isWhole(input)) return "all";
    if (low === -Infinity) return `at most ${short(high)}`;
    return high === Infinity ? `at least ${short(low)}` : `${short(low)} to ${short(high)}`;
  }

  // -- the page -----------------------------------------------------------------------------------------------------

  const views = {};
  const answer = document.getElementById("explorer-answer");
  const said = document.getElementById("explorer-chosen");
  const resets = [...document.querySelectorAll(".explorer-reset")];

  async function draw(name) {
    const place = document.querySelector(`[data-live="${name}"]`);
    const frame = document.createElement("div");
    frame.className = "live drawing"; // in the page, so that its width is known, and not yet seen
    frame.setAttribute("aria-hidden", "true"); // the picture as a whole has words
    place.append(frame);
    const spec = specs[name].chart;
    if (place.clientWidth < NARROW) spec.config.legend = { ...spec.config.legend, columns: 2 }; // or its end is cut off
    const { view } = await vegaEmbed(frame, spec, { renderer: "svg", actions: false, ast: true, tooltip: { theme: "custom" } });
    const still = place.querySelector(":scope > svg");
    if (still) still.remove();
    frame.className = "live";
    views[name] = view;
  }

  function rowsNow(name) {
    const rows = left();
    return rows.length === n ? specs[name].datasets : rowsOf[name](rows);
  }

  let waiting = false;
  function changed() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update();
    });
  }

  function update() {
    const rows = left();
    const chosen = inputs.filter((input) => !isWhole(input));
    document.body.classList.toggle("chosen", chosen.length > 0);
    resets.forEach((button) => (button.disabled = !chosen.length));
    inputs.forEach(showInput);
    said.textContent = chosen.length
      ? chosen.map((input) => `${input.label}: ${rangeInWords(input)}`).join("; ")
      : "no assumption is changed";
    const [kept, here] = [counted(rows.length), `${counted(n)} that this page holds`];
    if (!chosen.length) {
      const whole = { share: given.whole.chance, error: given.whole.error };
      answer.textContent = inFull(whole, `from all ${counted(given.whole.draws)} simulated futures${n < given.whole.draws ? `, of which this page holds ${counted(n)}` : ""}`);
    } else if (rows.length < FEW) {
      answer.textContent = `Only ${kept} simulated futures are left of the ${here}: too few to say anything. Widen a range.`;
    } else {
      answer.textContent = inFull(chance(times[4], 1, rows), `from ${kept} simulated futures, of the ${here}`);
    }
    const few = chosen.length > 0 && rows.length < FEW;
    document.body.classList.toggle("few", few);
    const filter = chosen.length ? `Only simulated futures with ${said.textContent}. ${answer.textContent}` : "";
    for (const line of document.querySelectorAll(".filter")) line.textContent = filter;
    for (const name of Object.keys(views)) tell(name, chosen.length ? `Redrawn for the simulated futures that are left. ${answer.textContent}` : "");
    if (!few)
      for (const [name, view] of Object.entries(views)) {
        if (name === "drivers") view.signal("top", rowsNow(name).frame[0].top);
        const found = rowsNow(name);
        for (const [key, values] of Object.entries(found)) if (key !== "frame") view.data(key, copies(values));
        view.runAsync();
      }
    remember(chosen);
  }
  const words = {};
  function tell(name, text) {
    const place = document.querySelector(`[data-live="${name}"]`);
    words[name] ??= place.getAttribute("aria-label");
    place.setAttribute("aria-label", text || words[name]);
  }
  const copies = (values) => values.map((row) => ({ ...row })); // the charts mark rows as their own

  const end = (x) => (Number.isFinite(x) ? String(x) : "");
  function remember(chosen) {
    const state = chosen.map((input) => `${encodeURIComponent(input.name)}=${end(input.from)}..${end(input.to)}`).join("&");
    const address = state ? `#!${state}` : location.hash.startsWith("#!") ? " " : location.hash || " ";
    try {
      history.replaceState(null, "", address === " " ? location.pathname + location.search : address);
    } catch {
      // pages from some mail programs have no address to change
    }
  }
  function recall() {
    if (!location.hash.startsWith("#!")) return;
    inputs.forEach((input) => Object.assign(input, { from: -Infinity, to: Infinity })); // the link's choice, and no other
    for (const part of location.hash.slice(2).split("&")) {
      const [, name, low, high] = /^([^=]*)=([^=]*)\.\.([^=]*)$/.exec(part) || [];
      const input = inputs.find((one) => encodeURIComponent(one.name) === name);
      const [from, to] = [low ? Number(low) : -Infinity, high ? Number(high) : Infinity];
      if (input && from <= to && !(input.log && to <= 0)) Object.assign(input, { from: input.log && from <= 0 ? -Infinity : from, to });
    }
  }

  // -- a row an input -----------------------------------------------------------------------------------------------

  const SVG = "http://www.w3.org/2000/svg";
  const BINS = 40;
  function makeInput(input, k) {
    const row = document.querySelector(`.explorer-input[data-input="${k}"]`);
    input.row = row;
    input.output = row.querySelector("output");
    [input.low_, input.high_] = row.querySelectorAll("input");
    [input.around, input.beyond] = [row.querySelector(".around"), row.querySelector(".beyond")];
    input.low_.addEventListener("input", () => choose(input, Math.min(+input.low_.value, +input.high_.value - 1), +input.high_.value));
    input.high_.addEventListener("input", () => choose(input, +input.low_.value, Math.max(+input.high_.value, +input.low_.value + 1)));
    input.around.addEventListener("change", () => near(input, input.around.value.trim()));
    const picture = row.querySelector("svg");
    input.bars = Array.from({ length: BINS }, (_, b) => {
      const bar = document.createElementNS(SVG, "rect");
      bar.setAttribute("x", String((b * 100) / BINS));
      bar.setAttribute("width", String(100 / BINS - 0.4));
      picture.append(bar);
      return bar;
    });
    const counts = new Float64Array(BINS);
    const [low, high] = [even(input, input.low), even(input, input.high)];
    for (const x of input.values) counts[clamp(Math.floor(((x - low) / (high - low)) * BINS), 0, BINS - 1)]++;
    const most = Math.max(...counts);
    input.bars.forEach((bar, b) => {
      const height = (30 * counts[b]) / most;
      bar.setAttribute("y", String(30 - height));
      bar.setAttribute("height", String(height));
    });
    brush(input, picture);
  }
  function brush(input, picture) {
    let anchor = null;
    const place = (event) => {
      const box = picture.getBoundingClientRect();
      return clamp(Math.round(((event.clientX - box.left) / box.width) * STEPS), 0, STEPS);
    };
    picture.addEventListener("pointerdown", (event) => {
      anchor = place(event);
      picture.setPointerCapture(event.pointerId);
    });
    picture.addEventListener("pointermove", (event) => {
      if (anchor === null) return;
      const now = place(event);
      if (now !== anchor) choose(input, Math.min(anchor, now), Math.max(anchor, now));
    });
    for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, () => (anchor = null));
  }
  // Between two steps of the sliders; the first and the last of these leave an end open.
  function choose(input, from, to) {
    input.around.value = input.beyond.textContent = "";
    setRange(input, from === 0 ? -Infinity : valueAt(input, from), to === STEPS ? Infinity : valueAt(input, to));
  }
  function setRange(input, from, to) {
    Object.assign(input, { from: Number.isFinite(from) ? shared(from) : from, to: Number.isFinite(to) ? shared(to) : to });
    changed();
  }
  // The draws nearest to a value that the reader believes in, as far as there are any.
  function near(input, text) {
    const value = Number(text);
    input.beyond.textContent = "";
    if (!text) return setRange(input, -Infinity, Infinity);
    if (!(value >= input.low && value <= input.high)) {
      const ends = `${short(input.low)} to ${short(input.high)}`;
      input.beyond.textContent = `The futures in this page go from ${ends}. For others: ${given.command} --set "${input.name}=${Number.isFinite(value) ? value : "..."}"`;
      return setRange(input, -Infinity, Infinity);
    }
    const at = even(input, value);
    const apart = Float64Array.from(input.values, (x) => Math.abs(x - at)).sort();
    const step = (even(input, input.high) - even(input, input.low)) / (ENDLESS - 1);
    const reach = apart[Math.min(AROUND, n) - 1] + step;
    const back = input.log ? Math.exp : (x) => x;
    setRange(input, back(at - reach), back(at + reach));
  }
  function showInput(input) {
    const [from, to] = [stepOf(input, input.from), stepOf(input, input.to)];
    input.low_.value = String(from);
    input.high_.value = String(to);
    input.low_.setAttribute("aria-valuetext", input.from === -Infinity ? "no lower end" : short(input.from));
    input.high_.setAttribute("aria-valuetext", input.to === Infinity ? "no upper end" : short(input.to));
    input.output.textContent = rangeInWords(input);
    input.bars.forEach((bar, b) => {
      const middle = ((b + 0.5) * STEPS) / BINS;
      bar.classList.toggle("out", middle < from || middle > to);
    });
  }
  function reset() {
    for (const input of inputs) choose(input, 0, STEPS);
  }

  async function start() {
    inputs.forEach(makeInput);
    window.addEventListener("hashchange", () => {
      recall();
      update();
    });
    window.addEventListener("beforeprint", update); // a choice of which no frame has been drawn yet
    resets.forEach((button) => button.addEventListener("click", reset));
    recall();
    for (const name of Object.keys(specs)) if (name !== "pace" || production) await draw(name);
    update();
    document.body.dataset.ready = "true";
  }
  // What tests, and curious readers, ask: window.explorer.rows("times").
  window.explorer = { rows: rowsNow, of: (name) => rowsOf[name](left()), left: () => left().length, choose: (name, from, to) => choose(inputs.find((i) => i.name === name), from, to), reset };
  start();
})();
