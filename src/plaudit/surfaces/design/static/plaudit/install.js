/* Makes the portal an app that opens without a network, where the browser can. */
navigator.serviceWorker?.register("/service-worker.js");
