// Adds a "copy" button to texts that people send themselves. Without this script the text is still there to
// select by hand, and the button stays hidden.
//
//   <div data-copy>
//     <textarea data-copy-source readonly>...</textarea>
//     <button type="button" data-copy-button hidden>Copy the text</button>
//     <span data-copy-status role="status" data-done="Copied." data-failed="..."></span>
//   </div>
"use strict";

(function () {
  function textOf(source) {
    return "value" in source ? source.value : source.textContent;
  }

  // For pages without a secure connection, where the clipboard is out of reach: select, and ask the browser.
  function copyBySelecting(source) {
    if ("select" in source) {
      source.focus();
      source.select();
    } else {
      const range = document.createRange();
      range.selectNodeContents(source);
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    }
    return document.execCommand("copy");
  }

  async function copy(source) {
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(textOf(source));
        return true;
      } catch {
        // Not allowed here: try the other way.
      }
    }
    return copyBySelecting(source);
  }

  for (const box of document.querySelectorAll("[data-copy]")) {
    const source = box.querySelector("[data-copy-source]");
    const button = box.querySelector("[data-copy-button]");
    const status = box.querySelector("[data-copy-status]");
    if (!source || !button || !status) {
      continue;
    }
    button.hidden = false;
    button.addEventListener("click", async function () {
      // Emptied first, so that a second copy is announced too.
      status.textContent = "";
      const done = await copy(source);
      window.setTimeout(function () {
        status.textContent = done ? status.dataset.done : status.dataset.failed;
      }, 50);
    });
  }
})();
