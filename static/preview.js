// Shows a text as people get it while it is being written. Without this script the Preview button does the same.
//
//   <form id="edit" data-preview="/path/that/answers/with/html">...</form>
//   <div id="preview"></div>
//   <p id="preview-status" role="status"></p>
"use strict";

(function () {
  const form = document.getElementById("edit");
  const panel = document.getElementById("preview");
  const status = document.getElementById("preview-status");
  if (!form || !panel || !status || !form.dataset.preview || !window.fetch) {
    return;
  }
  // Long enough that a word is written in one go.
  const PAUSE = 600;
  let timer = 0;
  let asking = false;
  let changed = false;

  function later(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, wait);
  }

  async function ask() {
    // One at a time: what is typed meanwhile is asked for afterwards.
    if (asking) {
      changed = true;
      return;
    }
    asking = true;
    changed = false;
    let wait = PAUSE;
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        redirect: "error",
      });
      if (answer.ok) {
        panel.innerHTML = await answer.text();
        status.textContent = "";
      } else if (answer.status === 429) {
        wait = 1000 * (Number(answer.headers.get("Retry-After")) || 5);
        changed = true;
        status.textContent = "Many previews in a short time. It goes on in a moment.";
      } else {
        status.textContent = "The preview can't be shown now. What you typed is still here; saving it tells more.";
      }
    } catch {
      status.textContent = "The server can't be reached now. What you typed is still here.";
    }
    asking = false;
    if (changed) {
      later(wait);
    }
  }

  form.addEventListener("input", function () {
    later(PAUSE);
  });
  form.addEventListener("change", function () {
    later(0);
  });
})();
