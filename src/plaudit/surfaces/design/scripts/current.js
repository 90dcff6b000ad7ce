/* Keeps an open page current: a stream says what changed, and where there is none, we ask. */

// What the page shows, by name, each with its mark.
const shown = new Map();
let stream, asking, misses = 0;
const standing = () => encodeURIComponent([...shown].map((one) => one.join("=")).join(" "));
const named = (each) => each.dataset.live.split(" ").map((one) => one.split("="));
const note = (...within) => {
  for (const each of within.filter((one) => one.dataset.live)) {
    for (const [name, mark] of named(each)) shown.set(name, mark ?? shown.get(name) ?? "");
  }
};
const paused = (is) => { for (const each of all("[data-live-note]")) each.hidden = !is; };

const hear = (words) => {
  misses = 0;
  paused(false);
  const fresh = words.split(" ").map((one) => one.split("=")).filter(([name, mark]) => name && shown.get(name) !== mark);
  for (const [name, mark] of fresh) shown.set(name, mark);
  for (const each of all("[data-live]")) {
    if (!named(each).some(([name]) => fresh.some(([other]) => other === name))) continue;
    if (each.hasAttribute("hx-get")) htmx.trigger(each, "news");
    else if (each.hidden) { each.hidden = false; live.textContent = each.dataset.say; }
  }
};

const ask = async () => {
  let wait = 1000;
  if (!document.hidden) {
    try {
      const answer = await fetch(`/live/asked?of=${standing()}`, { redirect: "manual" });
      if (!answer.ok) throw answer;
      hear(await answer.text());
    } catch {
      paused(true);
      wait = Math.min(30000, 2000 * 2 ** misses++);
    }
  }
  asking = setTimeout(ask, wait);
};

const begin = () => {
  if (document.hidden || !shown.size || asking || stream) return;
  if (!window.EventSource) return ask();
  stream = new EventSource(`/live?of=${standing()}`);
  stream.onmessage = (event) => hear(event.data);
  stream.onopen = () => hear("");
  stream.addEventListener("ask", () => { end(); ask(); });
  stream.onerror = () => {
    if (stream.readyState === 2) { end(); ask(); } else if (misses++) paused(true);
  };
};
const end = () => { stream?.close(); stream = null; };

const take = (swapped) => {
  note(swapped, ...all("[data-live]", swapped));
  begin();
};

// Whoever looks elsewhere needs no stream, and the browser has few to give.
on("visibilitychange", () => document.hidden ? end() : begin());
addEventListener("pagehide", end);
addEventListener("pageshow", begin);
// Where nothing has focus, news takes it nowhere.
on("htmx:beforeSwap", ({ detail }) => document.documentElement.toggleAttribute("data-still",
  document.activeElement === document.body && "live" in detail.requestConfig.elt.dataset));
on("htmx:afterSettle", ({ detail }) => take(by(detail.elt.id) ?? detail.elt));
take(document.body);
