{% load i18n %}/* Keeps the last balance and statement, and the page for giving, where there is no network, and shows news that comes
   while no page is open; all else is asked for as ever. */
const KEPT = "plaudit-pages";
const PAGES = ["/", "/activity", "/recognition/new"];
const SAYS = "{% filter escapejs %}{% translate 'You are offline. This is as it was on' %}{% endfilter %}";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname + search));
  else if (pathname.startsWith("/static/")) event.respondWith(asset(request));
});

const page = async (request, path) => {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (PAGES.includes(path)) {
      // Whoever is sent to sign in is not the person whose pages these are any more.
      if (answer.ok) await kept.put(path, answer.clone());
      else if (answer.type === "opaqueredirect") await caches.delete(KEPT);
    }
    return answer;
  } catch (fault) {
    const last = (await kept.match(path, { ignoreSearch: true })) ?? (await kept.match("/"));
    if (!last) throw fault;
    const when = new Date(last.headers.get("date")).toLocaleString("{{ LANGUAGE_CODE|escapejs }}");
    const note = `<div class="banner banner-warn" role="status"><span></span><div>${SAYS} ${when}.</div></div>`;
    const html = (await last.text()).replace(/<main [^>]*>/, (main) => main + note);
    return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
};

// Their names hold a digest, so what is kept is never stale.
const asset = async (request) => {
  const kept = await caches.open(KEPT);
  const found = await kept.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
};

// What comes is encrypted for this browser: the push service that carried it could not read it.
addEventListener("push", (event) => {
  const { title, body, path, tag, lang } = event.data.json();
  event.waitUntil(registration.showNotification(title, { body, tag, lang, data: path }));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(shown(new URL(event.notification.data, location.origin).href));
});

// In the page that is open, or in one of its own.
const shown = async (url) => {
  const [open] = await clients.matchAll({ type: "window" });
  if (!open) return clients.openWindow(url);
  await open.focus();
  return open.navigate(url);
};
