/* Keeps what is given where there is no network, and sends it once there is: under its own key, so it counts once. */
const KEPT = "plaudit-unsent", ON_ITS_WAY = "plaudit-on-its-way";
const by = (id) => document.getElementById(id);
const place = by("unsent");
const form = by("giving");
const all = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
const mine = () => all().filter((one) => one.owner === place?.dataset.owner);
const unsent = () => mine().filter((one) => ["waiting", "unsure"].includes(one.state));
const keep = (list) => {
  localStorage.setItem(KEPT, JSON.stringify(list));
  draw();
};
const forget = (key) => keep(all().filter((one) => one.key !== key));
const note = (key, facts) => keep(all().map((one) => (one.key === key ? { ...one, ...facts } : one)));
let sending, later;

const draw = () => {
  if (!place) return;
  const drawn = mine().map((one) => {
    const item = place.querySelector(`[data-state=${one.state}]`).content.cloneNode(true);
    for (const what of item.querySelectorAll("[data-what]")) what.textContent = one.what;
    for (const why of item.querySelectorAll("[data-why]")) why.textContent = one.why;
    for (const link of item.querySelectorAll("a")) link.href = one.url;
    for (const button of item.querySelectorAll("button")) button.value = one.key;
    return item;
  });
  place.querySelector("ul").replaceChildren(...drawn);
  place.hidden = !drawn.length;
};

const say = () => { by("live").textContent = place.querySelector("ul").innerText; };
const freshKey = () => { if (crypto.randomUUID) form.elements.key.value = crypto.randomUUID(); };

const send = async () => {
  clearTimeout(later);
  if (!place || sending || !unsent().length || !navigator.onLine) return;
  sending = true;
  try {
    // Asked for anew: whoever is signed in by now may be somebody else, and nothing is given in their name.
    const now = await read(await fetch(place.dataset.page));
    const token = now.getElementById("unsent")?.dataset.owner === place.dataset.owner && now.forms.giving?.csrfmiddlewaretoken.value;
    for (const { key } of token ? unsent() : []) {
      const one = unsent().find((still) => still.key === key);
      if (!one) continue;
      note(key, { state: "unsure" });
      const waited = Math.round((Date.now() - one.at) / 1000);
      const body = new URLSearchParams([...one.fields, ["key", key], ["waited", waited], ["csrfmiddlewaretoken", token]]);
      const answer = await fetch(place.dataset.action, { method: "POST", body });
      const why = (await read(answer)).getElementById("error-summary-title")?.textContent;
      if (why) note(key, { state: "refused", why });
      else if (answer.ok && answer.url.includes("done=1")) note(key, { state: "given", url: answer.url });
      say();
    }
  } catch { /* Cut off again: what was on its way is not known to have arrived, and the rest still waits. */ }
  sending = false;
  if (unsent().length) later = setTimeout(send, 20000);
};
const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

const give = (event) => {
  const given = new FormData(form);
  const fields = [...given].filter(([name]) => !["key", "csrfmiddlewaretoken"].includes(name));
  const words = [...form.querySelectorAll("[name=person]:checked + span, [name=behaviour]:checked + span")];
  const one = {
    key: given.get("key"), owner: place.dataset.owner, fields, at: Date.now(),
    what: words.map((each) => each.firstChild.textContent.trim()).join(" · "),
    state: navigator.onLine ? "unsure" : "waiting",
  };
  const whole = given.has("person") && given.has("behaviour");
  const others = all().filter((other) => other.key !== one.key);
  if (navigator.onLine) {
    // Noted before it is sent: where the line breaks on the way it is sent again, and counts once.
    if (whole) localStorage.setItem(KEPT, JSON.stringify([...others, one]));
    return sessionStorage.setItem(ON_ITS_WAY, one.key);
  }
  event.preventDefault();
  delete form.dataset.sent;
  event.submitter?.removeAttribute("aria-busy");
  by("unsent-missing").hidden = whole;
  if (!whole) return by("unsent-missing").focus();
  form.reset();
  freshKey();
  keep([...others, one]);
  by("unsent-heading").focus();
  say();
};

if (by("given")) forget(sessionStorage.getItem(ON_ITS_WAY));
if (place) {
  place.addEventListener("click", ({ target }) => {
    const { value } = target.closest("button") ?? {};
    if (!value) return;
    forget(value);
    by(place.hidden ? "page-heading" : "unsent-heading").focus();
    say();
  });
  addEventListener("online", send);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && form && !all().some((one) => one.key === form.elements.key.value)) freshKey();
    draw();
    send();
  });
  keep(all().filter((one) => one.state !== "given"));
}
if (form) {
  if (by("error-summary")) forget(form.elements.key.value); else freshKey();
  form.addEventListener("submit", give);
}
