// Small comforts; every page works without them. Behaviour is bound by data- attributes, nothing is inline.
(() => {
  "use strict";
  const root = document.documentElement;
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* private window */ } },
  };

  // Light or dark, as the reader last chose.
  const kept = store.get("theme");
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);

  // The chosen one of a row that scrolls sideways is in sight.
  document.querySelectorAll(".tabs [aria-current], .views [aria-current]").forEach((one) => one.scrollIntoView({ block: "nearest", inline: "nearest" }));

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  const acts = {
    "theme-toggle": () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      store.set("theme", root.dataset.theme);
    },
    // data-tick-all="name": tick or clear every box of that name.
    "tick-all": (button) => {
      const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(button.dataset.tickAll)}"]`)];
      const on = boxes.some((box) => !box.checked);
      boxes.forEach((box) => { box.checked = on; box.dispatchEvent(new Event("change", { bubbles: true })); });
    },
    // data-copy="text or address": put it on the clipboard and say so.
    copy: async (button) => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const said = button.querySelector("[data-said]");
      if (said) said.hidden = false;
    },
  };

  document.addEventListener("click", (event) => {
    for (const [name, act] of Object.entries(acts)) {
      const found = event.target.closest(`[data-${name}]`);
      if (found) act(found);
    }
    // A refused button says why in words beside it; it does nothing.
    if (event.target.closest('[aria-disabled="true"]')) event.preventDefault();
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // "/" goes to the search; data-key="j" on a link or button is its key, unless the reader is typing.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = false; });
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const goal = event.key === "/" ? document.querySelector("[data-search]") : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!goal) return;
    event.preventDefault();
    if (goal.matches("input")) goal.focus();
    else goal.click();
  });

  // data-submit on a select or box sends its form when it changes; the form's own button stays for those without script.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // A form sent once is not sent twice by a double click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.addEventListener("pageshow", () => { delete form.dataset.sent; }, { once: true });
  });
})();
