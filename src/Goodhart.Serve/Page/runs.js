// Runs of the study: a loss, a β, a size and a seed each, with the steps that are theirs.
import { study } from "./study.js";

let made = -1;
let all = { runs: [], sft: [], owners: new Map() };

export const keyOf = what => [what.model, what.loss, what.beta ?? "", what.seed].join("|");

/** What a described checkpoint, stored or planned, is about; null for other steps. */
function subject(step) {
  const point = study.points.get(step.id);
  if (point) return point;
  return step.about ? {
    id: step.id, model: step.about.model, loss: step.about.loss, beta: step.about.beta === undefined ? null : Number(step.about.beta),
    seed: Number(step.about.seed), fraction: Number(step.about.fraction),
  } : null;
}

/** Each step that only one run depends on is that run's. */
function owners(described) {
  const owner = new Map();
  for (const { step, run } of described) {
    const seen = new Set();
    const open = [step.id];
    while (open.length) {
      const id = open.pop();
      if (seen.has(id)) continue;
      seen.add(id);
      owner.set(id, owner.has(id) && owner.get(id) !== run ? null : run);
      open.push(...(study.steps.get(id)?.inputs ?? []));
    }
  }
  return owner;
}

function build() {
  const runs = new Map();
  const described = [];
  for (const step of study.steps.values()) {
    const what = subject(step);
    if (!what) continue;
    const key = keyOf(what);
    if (!runs.has(key)) runs.set(key, { key, model: what.model, loss: what.loss, beta: what.beta ?? null, seed: what.seed, checkpoints: [], steps: [] });
    const run = runs.get(key);
    const point = study.points.get(step.id) ?? null;
    run.checkpoints.push({ id: step.id, key: step.key, fraction: what.fraction, bestOf: what.bestOf ?? null, state: step.state, point });
    described.push({ step, run: key });
  }
  const owner = owners(described);
  for (const [id, key] of owner) {
    if (key !== null && runs.get(key).loss !== "") runs.get(key).steps.push(study.steps.get(id));
  }
  const list = [...runs.values()];
  for (const run of list) {
    run.checkpoints.sort((a, b) => a.fraction - b.fraction || (a.bestOf ?? 0) - (b.bestOf ?? 0));
    run.steps = run.steps.filter(step => step).sort((a, b) => a.id - b.id);
    run.points = run.checkpoints.map(each => each.point).filter(point => point);
    run.state = stateOf(run);
  }
  const sizes = study.head?.models ?? [];
  const place = model => sizes.indexOf(model) < 0 ? sizes.length : sizes.indexOf(model);
  list.sort((a, b) => a.loss.localeCompare(b.loss) || place(a.model) - place(b.model) || a.beta - b.beta || a.seed - b.seed);
  return { runs: list.filter(run => run.loss !== ""), sft: list.filter(run => run.loss === ""), owners: owner };
}

function stateOf(run) {
  const found = new Set(run.steps.map(step => step.state));
  for (const state of ["failed", "lost", "running", "skipped"]) if (found.has(state)) return state;
  return run.checkpoints.every(each => each.state === "done") ? "done" : "waiting";
}

/** Of the study as it is known now. */
export function runsOf() {
  if (made !== study.version) {
    all = build();
    made = study.version;
  }
  return all;
}

const distinct = values => [...new Set(values)];

/** What can be filtered by, with its values. */
export function choices() {
  const { runs, sft } = runsOf();
  const everything = [...runs, ...sft];
  const sizes = study.head?.models ?? [];
  return [
    { name: "loss", title: "Loss", values: distinct(runs.map(run => run.loss)).map(String) },
    { name: "beta", title: "β", values: distinct(runs.map(run => run.beta).filter(beta => beta !== null)).sort((a, b) => a - b).map(String) },
    { name: "size", title: "Size", values: distinct([...sizes.filter(size => everything.some(run => run.model === size)), ...everything.map(run => run.model)]) },
    { name: "at", title: "Checkpoint", values: distinct(runs.flatMap(run => run.checkpoints.map(each => each.fraction))).sort((a, b) => a - b).map(String) },
    { name: "seed", title: "Seed", values: distinct(runs.map(run => run.seed)).sort((a, b) => a - b).map(String) },
  ];
}

const allows = (chosen, value) => !chosen || chosen.split(",").includes(String(value));

/** The runs that the filters leave, each with the checkpoints that they leave. */
export function filtered(values) {
  return runsOf().runs
    .filter(run => allows(values.loss, run.loss) && (run.beta === null || allows(values.beta, run.beta)) && allows(values.size, run.model)
      && allows(values.seed, run.seed))
    .map(run => ({ ...run, shown: run.points.filter(point => allows(values.at, point.fraction)) }));
}

/** SFT models that the filters leave. */
export const references = values => runsOf().sft.filter(run => allows(values.size, run.model) && allows(values.seed, run.seed));

export const nameOf = run => (run.loss || "SFT") + (run.beta === null || run.beta === undefined ? "" : " β=" + run.beta) + " " + run.model
  + (runsOf().runs.some(other => other.seed !== run.seed) ? " seed " + run.seed : "");
