// Numbers and times as people read them.
export const number = (value, digits = 2) => value === null || value === undefined ? "–"
  : Math.abs(value) >= 10000 ? value.toExponential(2) : value.toFixed(digits);

/** Three significant digits, without an exponent where that is short. */
export function brief(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

export const withError = (value, error, digits = 2) =>
  number(value, digits) + (error === null || error === undefined || value === null || value === undefined ? "" : " ± " + error.toFixed(digits));

export const percent = share => Math.round(100 * share) + " %";

/** Of an epoch: 40 %. */
export const checkpoint = fraction => (Math.round(1000 * fraction) / 10) + " %";

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 9.95) return seconds.toFixed(1) + " s";
  if (seconds < 59.5) return Math.round(seconds) + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min " + Math.floor(seconds % 60) + " s";
  if (seconds < 48 * 3600) return Math.floor(seconds / 3600) + " h " + Math.floor(seconds % 3600 / 60) + " min";
  return Math.floor(seconds / 86400) + " d " + Math.floor(seconds % 86400 / 3600) + " h";
}

export const bytes = value => value === null || value === undefined ? "–"
  : value < 1e6 ? (value / 1e3).toFixed(1) + " kB" : value < 1e9 ? (value / 1e6).toFixed(1) + " MB" : (value / 1e9).toFixed(2) + " GB";

export const states = {
  waiting: { text: "waiting", glyph: "·" },
  running: { text: "running", glyph: "▸" },
  done: { text: "done", glyph: "✓" },
  failed: { text: "failed", glyph: "✗" },
  skipped: { text: "skipped", glyph: "–" },
  lost: { text: "no sign of life", glyph: "?" },
};
