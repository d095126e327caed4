// Review: keys that need more than a click, the number of ticked rows, the moment the partner is told.
(() => {
  "use strict";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  // r: first to the note, then (with a note) return it. The button is the second in the form, Enter in the note approves nothing.
  const decide = document.querySelector("[data-decide]");
  const back = document.querySelector("[data-return]");
  const note = decide?.querySelector("[name=note]");
  const toReturn = (event) => {
    if (note.value.trim()) return false;
    event?.preventDefault();
    note.setAttribute("aria-invalid", "true");
    note.focus();
    return true;
  };
  if (back && note) {
    back.addEventListener("click", toReturn);
    note.addEventListener("input", () => note.removeAttribute("aria-invalid"));
    note.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      back.focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "r" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      event.preventDefault();
      if (!toReturn()) back.click();
    });
  }

  // "Approve ticked" says how many, and rests while there are none.
  const button = document.querySelector("button[form=queue-ticked]");
  if (button) {
    const word = button.lastChild.textContent.trim();
    const count = () => {
      const ticked = document.querySelectorAll("input[name=ticked]:checked").length;
      button.lastChild.textContent = ticked ? ` ${word} (${ticked})` : ` ${word}`;
      button.disabled = ticked === 0;
    };
    document.addEventListener("change", (event) => { if (event.target.name === "ticked") count(); });
    count();
  }

  // The open row stands in view.
  document.querySelector(".queue [aria-current]")?.scrollIntoView({ block: "nearest" });

  // After 30 seconds the partner is told: nothing can be taken back any more.
  const toast = document.querySelector("[data-toast]");
  if (toast) setTimeout(() => { toast.hidden = true; }, Number(toast.dataset.toast) * 1000);
})();
