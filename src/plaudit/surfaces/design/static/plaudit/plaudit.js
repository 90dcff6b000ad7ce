/* What pages gain where scripts run. */
const root = document.documentElement;
const by = (id) => document.getElementById(id);
const live = by("live");
const spoken = new Map();

// Emptied first: equal words are spoken again.
const say = (words) => {
  if (!live || !words) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = words; }, 60);
};

// With a key, only when it changes: a poll is no news.
const tell = (within) => {
  const told = within.matches?.("[data-announce]") ? [within] : all("[data-announce]", within);
  for (const each of told) {
    const { announce, announceKey } = each.dataset;
    const name = each.id || announce;
    if (announceKey && spoken.get(name) === announceKey) continue;
    spoken.set(name, announceKey);
    say(announce);
  }
};

const freed = () => {
  for (const each of all("form[data-sent]")) {
    delete each.dataset.sent;
    each.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
};

const all = (selector, within = document) => within.querySelectorAll(selector);
const on = (event, act, first) => document.addEventListener(event, act, first);

on("click", async (event) => {
  const pressed = event.target.closest("[data-copy],[data-dialog],[data-dismiss],[aria-disabled=true]");
  if (!pressed) return;
  if (pressed.matches("[aria-disabled=true]")) return event.preventDefault();
  if ("dismiss" in pressed.dataset) return pressed.closest(".toast").remove();
  if (pressed.dataset.copy) {
    await navigator.clipboard.writeText(by(pressed.dataset.copy).innerText.trim());
    return say(live.dataset.copied);
  }
  const dialog = by(pressed.dataset.dialog);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
});

// The second press is stopped; the server's key decides.
on("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-appearance]")) {
    event.preventDefault();
    const { value } = event.submitter;
    const body = new FormData(form, event.submitter);
    if (value === "system") delete root.dataset.theme; else root.dataset.theme = value;
    for (const each of all("[aria-pressed]", form)) each.setAttribute("aria-pressed", each.value === value);
    return fetch(form.action, { method: "POST", body, redirect: "manual" });
  }
  if (form.method !== "post") return;
  if ("sent" in form.dataset) { event.stopPropagation(); return event.preventDefault(); }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(freed, 8000);
}, true);
addEventListener("pageshow", freed);

// A poll waits while nobody looks.
on("htmx:beforeRequest", (event) => {
  if (document.hidden && "poll" in event.target.dataset) return event.preventDefault();
  event.detail.target?.setAttribute("aria-busy", "true");
});
on("htmx:afterRequest", (event) => {
  event.detail.target?.removeAttribute("aria-busy");
  if (event.target.matches("form")) freed();
  const failed = !event.detail.successful;
  for (const note of all("[data-live-note]")) note.hidden = !failed;
  if (failed && !("poll" in event.target.dataset)) say(live?.dataset.failed);
});

// After a swap focus goes to what asks for it, and is never lost.
let held = "";
on("htmx:beforeSwap", () => { held = document.activeElement?.id || ""; });
on("htmx:afterSettle", (event) => {
  const swapped = by(event.detail.elt.id) ?? event.detail.elt;
  const wants = swapped.matches("[data-focus]") ? swapped : swapped.querySelector("[data-focus]");
  const lost = document.activeElement === document.body && !("still" in root.dataset);
  const next = wants ?? (lost && (by(held) ?? swapped.querySelector("h1,h2,h3,[tabindex]")));
  if (next) {
    if (!next.hasAttribute("tabindex") && !next.matches("a,button,input,select,textarea")) next.tabIndex = -1;
    next.focus();
  }
  tell(swapped);
});

for (const each of all("[data-announce-key]")) spoken.set(each.id, each.dataset.announceKey);
all("[data-focus]")[0]?.focus();
if (all("[rel=manifest]")[0]) navigator.serviceWorker?.register("/worker.js");
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
