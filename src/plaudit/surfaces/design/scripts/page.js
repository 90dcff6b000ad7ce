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
