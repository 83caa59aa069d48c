// Which colour and shape stands for what: the same everywhere on the page.
import { study } from "./study.js";
import { runsOf } from "./runs.js";
import { shapes } from "./chart.js";

const series = index => "ink-s" + index % 7;

const ramp = (index, count) => "ink-r" + (count < 2 ? 0 : Math.round(index / (count - 1) * 8));

export function inkOfSize(model) {
  const place = (study.head?.models ?? []).indexOf(model);
  return series(Math.max(0, place));
}

export function shapeOfSize(model) {
  const place = (study.head?.models ?? []).indexOf(model);
  return shapes[Math.max(0, place) % shapes.length];
}

export const losses = () => [...new Set(runsOf().runs.map(run => run.loss))];

export const inkOfLoss = loss => series(losses().indexOf(loss));

/** Losses by colour; the β of one loss from dark to light. */
export function inksOf(runs) {
  const shown = [...new Set(runs.map(run => run.loss))];
  if (shown.length !== 1) return { ink: run => inkOfLoss(run.loss), legend: shown.map(loss => ({ ink: inkOfLoss(loss), line: true, text: loss })) };
  const betas = [...new Set(runs.map(run => run.beta))].sort((a, b) => a - b);
  const ink = run => ramp(betas.indexOf(run.beta), betas.length);
  return { ink, legend: betas.map(beta => ({ ink: ink({ beta }), line: true, text: beta === null ? shown[0] : shown[0] + " β=" + beta })) };
}
