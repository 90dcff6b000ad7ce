/* Being told on this device: the browser asks its person only after they pressed the button. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const form = document.querySelector("form[data-push]");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const say = (which) => {
  for (const each of document.querySelectorAll("[data-push-says]")) each.hidden = each.dataset.pushSays !== which;
};
if (form && !able) say("unable");
if (form && able) {
  form.hidden = false;
  if (Notification.permission === "denied") say("denied");
  form.addEventListener("submit", async (event) => {
    if (form.endpoint.value) return;
    event.preventDefault();
    say();
    try {
      if (await Notification.requestPermission() !== "granted") throw "denied";
      await navigator.serviceWorker.register("/worker.js");
      const { pushManager } = await navigator.serviceWorker.ready;
      const asked = await fetch(form.dataset.ask, { method: "POST", body: new FormData(form) });
      const { key } = await asked.json();
      const before = await pushManager.getSubscription();
      // A browser keeps one promise at a time: what was under another key ends.
      if (before && text(before.options.applicationServerKey) !== key) await before.unsubscribe();
      const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
      form.p256dh.value = text(made.getKey("p256dh"));
      form.auth.value = text(made.getKey("auth"));
      form.endpoint.value = made.endpoint;
      form.submit();
    } catch (fault) {
      say(fault === "denied" ? fault : "failed");
      delete form.dataset.sent;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });
}
