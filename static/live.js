// Numbers on the console's pages that change while they are open. Without it a page shows what was when it was loaded.
(() => {
  "use strict";
  const place = document.querySelector("[data-events]");
  if (!place || !window.EventSource) {
    return;
  }
  const source = new EventSource(place.dataset.events);
  source.addEventListener("numbers", (event) => {
    const { texts, bar } = JSON.parse(event.data);
    for (const element of document.querySelectorAll("[data-live]")) {
      const text = texts[element.dataset.live];
      if (text !== undefined && element.textContent !== text) {
        element.textContent = text;
        element.closest("td")?.classList.toggle("zero", text === "0");
      }
    }
    for (const part of document.querySelectorAll("[data-live-bar]")) {
      const [x, width] = bar[part.dataset.liveBar] ?? [0, 0];
      part.setAttribute("x", x);
      part.setAttribute("width", width);
    }
  });
  source.addEventListener("end", () => source.close());
  window.addEventListener("pagehide", () => source.close());
})();
