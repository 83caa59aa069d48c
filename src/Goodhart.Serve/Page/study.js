// What is known of the study, kept up to date by the server's events.
const steps = new Map();
const points = new Map();
const listeners = new Set();
const silence = 15000;   // the server speaks every five seconds
let source = null;
let watchdog = 0;
let pause = 500;
let moment = "";

export const study = {
  head: null,
  run: null,
  laws: [],
  steps,
  points,
  connection: "connecting",
  /** Milliseconds by which the server's clock is ahead of ours. */
  ahead: 0,
  /** Raised when steps or points have changed. */
  version: 0,
};

export const onChange = listener => listeners.add(listener);

const tell = () => listeners.forEach(listener => listener());

function take(answer) {
  if (answer.isWhole) {
    steps.clear();
    points.clear();
  }
  for (const step of answer.steps) steps.set(step.id, step);
  for (const point of answer.points) points.set(point.id, point);
  if (answer.laws) study.laws = answer.laws;
  if (answer.isWhole || answer.steps.length || answer.points.length) study.version++;
  [study.head, study.run, moment] = [answer.study, answer.run, answer.moment];
  study.ahead = Date.parse(answer.run.now) - Date.now();
}

function connected(state) {
  if (study.connection !== state) {
    study.connection = state;
    tell();
  }
}

function again() {
  source?.close();
  source = null;
  clearTimeout(watchdog);
  connected("reconnecting");
  setTimeout(connect, pause);
  pause = Math.min(2 * pause, 5000);
}

function listen() {
  clearTimeout(watchdog);
  watchdog = setTimeout(again, silence);
}

/** Opens the stream, and opens it again whenever it breaks off. */
export function connect() {
  source = new EventSource("/api/events?have=" + encodeURIComponent(moment));
  source.addEventListener("study", event => {
    take(JSON.parse(event.data));
    pause = 500;
    listen();
    study.connection = "live";
    tell();
  });
  source.addEventListener("error", again);
  listen();
}

/** An answer of the server's as an object; null where there is none. */
export async function ask(path) {
  try {
    const answer = await fetch(path);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
