// Entering figures: live sums, paste from Excel, saved as typed, kept on this device without connection or after a lost race.
(() => {
  "use strict";
  const form = document.querySelector("[data-figure]");
  if (!form) return;
  const language = document.documentElement.lang || "en";
  const own = new Intl.NumberFormat(language).formatToParts(1.5).find((part) => part.type === "decimal").value;
  const shown = (value) => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);

  // The same reading of numbers as on the server: the last sign is the decimal one; one sign before three digits by language.
  const read = (text) => {
    const plain = text.replace(/[\s\u00a0\u202f'’]/g, "").replace("−", "-");
    if (!plain) return null;
    let sign = own;
    const last = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
    if (last >= 0) {
      const at = plain[last], other = at === "." ? "," : ".";
      const grouped = /^[+-]?\d{1,3}([.,])\d{3}(\1\d{3})*$/.test(plain);
      sign = !plain.includes(other) && grouped && (plain.split(at).length > 2 || at !== own) ? other : at;
    }
    const number = Number(plain.replaceAll(sign === "," ? "." : ",", "").replace(sign, "."));
    return Number.isFinite(number) ? number : NaN;
  };

  // ---------------------------------------------------------------- sums
  const sum = (inputs) => {
    const told = inputs.map((input) => read(input.value)).filter((value) => value !== null && !Number.isNaN(value));
    return told.length ? told.reduce((all, value) => all + value, 0) : null;
  };
  const put = (place, value) => { if (place) place.textContent = value === null ? "" : shown(value); };
  const matrices = [...form.querySelectorAll("[data-matrix]")];
  const rowsOf = (table) => [...table.querySelectorAll("[data-row]")].map((row) => [...row.querySelectorAll("input")]);
  const total = form.querySelector("[data-total]");
  const running = form.querySelector("[data-before]");
  const wholeSum = () => (matrices.length === 1 ? sum(rowsOf(matrices[0]).flat()) : null);
  const add = () => {
    for (const matrix of matrices) {
      const rows = rowsOf(matrix);
      matrix.querySelectorAll("[data-row]").forEach((row, at) => put(row.querySelector("[data-sum]"), sum(rows[at])));
      const feet = [...matrix.querySelectorAll("tfoot [data-sum]")];
      feet.forEach((foot, at) => put(foot, at === feet.length - 1 ? sum(rows.flat()) : sum(rows.map((row) => row[at]))));
    }
    if (running) {
      const now = (total && read(total.value)) ?? wholeSum();
      if (now !== null && !Number.isNaN(now)) {
        put(running.querySelector("[data-this]"), now);
        put(running.querySelector("[data-together]"), Number(running.dataset.before) + now);
      }
    }
    form.querySelectorAll("input[inputmode=decimal]").forEach((input) => {
      input.toggleAttribute("data-wrong", Number.isNaN(read(input.value) ?? 0));
      if (Number.isNaN(read(input.value) ?? 0)) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    });
  };

  // Paste a piece of a sheet: tabs go right, lines go down.
  for (const matrix of matrices) {
    matrix.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
      if (!event.target.matches("input") || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      const rows = rowsOf(matrix);
      const down = rows.findIndex((row) => row.includes(event.target)), right = rows[down].indexOf(event.target);
      text.split("\n").forEach((line, y) => line.split("\t").forEach((value, x) => {
        const input = rows[down + y]?.[right + x];
        if (input && !input.disabled) input.value = value.trim();
      }));
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
    // Up, down and Enter go from row to row.
    matrix.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
      if (!step || !event.target.matches("input")) return;
      const rows = rowsOf(matrix);
      const down = rows.findIndex((row) => row.includes(event.target)), right = rows[down].indexOf(event.target);
      event.preventDefault();
      rows[down + step]?.[right]?.focus();
    });
  }

  // What isn't a number has no fields to fill.
  const numbers = form.querySelector("[data-numbers]");
  const choose = () => {
    const kind = form.querySelector("[name=kind]:checked");
    if (numbers && kind) numbers.hidden = kind.value !== "number";
  };

  // ---------------------------------------------------------------- kept as typed
  const me = form.dataset.figure, prefix = `enter:${me}:`, key = prefix + form.action;
  const version = form.querySelector("[name=version]");
  const offline = form.querySelector("[data-offline]"), lost = form.querySelector("[data-lost]");
  const saved = form.querySelector("[data-saved]"), barSaved = form.querySelector("[data-typed]");
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
  const time = () => new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hour12: false });
  const store = {
    get(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* full or private: the page still holds it */ } },
    drop(name) { try { localStorage.removeItem(name); } catch { /* as above */ } },
    names() { try { return Object.keys(localStorage).filter((name) => name.startsWith(prefix)); } catch { return []; } },
  };
  const isUnanswered = (of, name, value) => name.startsWith("a.") && value === "" && !of.elements[name]?.defaultValue;
  const fields = (of = form) => [...new FormData(of)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "go" && !isUnanswered(of, name, value));
  const typed = (entries) => JSON.stringify(entries.filter(([name]) => name !== "version"));
  const say = (words) => { if (saved) saved.textContent = words; };
  let timer = null, flight = null, unsure = null, again = false, isLost = false, clean = JSON.stringify(fields());

  const send = (address, entries) => {
    const data = new FormData();
    entries.forEach(([name, value]) => data.append(name, value));
    data.append("csrfmiddlewaretoken", token());
    return fetch(address, { method: "POST", body: data, headers: { "X-Autosave": "1", Accept: "application/json" } });
  };
  // Each rule that speaks up has a block with a field for why the figure is right; a block that stays keeps its field and the cursor in it.
  const warn = (questions) => {
    const box = form.querySelector("[data-warnings]");
    if (!box) return;
    const list = box.querySelector("[data-warning-list]");
    const codes = questions.map(({ code }) => code);
    list.querySelectorAll("[data-rule]").forEach((block) => { if (!codes.includes(block.dataset.rule)) block.remove(); });
    questions.forEach(({ code, sentence }) => {
      let block = list.querySelector(`[data-rule="${code}"]`);
      if (!block) {
        block = list.appendChild(document.createElement("div"));
        block.className = "stack-s";
        block.dataset.rule = code;
        block.appendChild(document.createElement("p")).appendChild(document.createElement("strong"));
        block.appendChild(Object.assign(document.createElement("input"), { className: "in in-s", name: `a.${code}`, maxLength: 1000, placeholder: list.dataset.word, autocomplete: "off" }));
      }
      block.querySelector("strong").textContent = sentence;
      block.querySelector("input").setAttribute("aria-label", `${list.dataset.word} ${sentence}`);
    });
    box.hidden = questions.length === 0;
  };
  const wrong = (errors) => {
    const place = form.querySelector("[data-cell-errors]");
    const lines = Object.entries(errors).flatMap(([name, problems]) => {
      form.elements[name]?.setAttribute?.("aria-invalid", "true");
      const label = form.elements[name]?.getAttribute?.("aria-label");
      return problems.map((problem) => (label ? `${label.split(";")[0]}: ${problem}` : problem));
    });
    if (place) place.replaceChildren(...lines.map((words) => Object.assign(document.createElement("span"), { className: "err", textContent: words })));
    return lines;
  };
  const keep = () => {
    store.set(key, { at: time(), fields: fields(), unsure });
    say(`${form.dataset.kept} ${time()}`);
    if (offline) offline.hidden = false;
  };

  // Whether what stands there now is what was on its way when the page or the connection went: a race with oneself is none.
  const isOwn = async (left) => {
    if (!left) return false;
    const answer = await fetch(form.action);
    const there = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-figure]");
    return Boolean(there) && typed(fields(there)) === typed(left);
  };

  const deliver = async (entries, left = null) => {
    unsure = entries;
    try {
      const answer = await send(form.action, entries);
      if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) { keep(); return; }
      const told = await answer.json();
      if (offline) offline.hidden = true;
      if (answer.status === 409 && await isOwn(left)) {
        version.value = told.version;
        await deliver(fields());
      } else if (answer.status === 409) {
        isLost = true;
        store.set(key, { at: time(), fields: entries });
        lost.querySelector("[data-lost-text]").textContent = told.message;
        lost.dataset.version = told.version;
        lost.hidden = false;
        lost.scrollIntoView({ block: "nearest" });
      } else if (answer.status === 422) {
        store.set(key, { at: time(), fields: entries });
        say(wrong(told.errors).join(" ") || form.dataset.kept);
      } else if (answer.ok) {
        wrong({});
        unsure = null;
        version.value = told.version;
        clean = JSON.stringify(entries.map(([name, value]) => [name, name === "version" ? String(told.version) : value]));
        store.drop(key);
        warn(told.questions);
        say(`${form.dataset.savedWord} ${told.at}`);
      } else keep();
    } catch {
      keep();
    }
  };
  const save = async () => {
    clearTimeout(timer);
    timer = null;
    if (flight) { again = true; return; }
    const entries = fields();
    if (JSON.stringify(entries) === clean || isLost) return;
    flight = deliver(entries, unsure);
    await flight;
    flight = null;
    if (again) { again = false; save(); }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(save, 1200); };

  form.addEventListener("input", () => { add(); choose(); soon(); });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-file]")) {
      const go = Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: "file" });
      form.append(go);
      form.submit();
    } else save();
  });
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keep-mine]")) return;
    version.value = lost.dataset.version;
    lost.hidden = true;
    isLost = false;
    clean = "";
    save();
  });
  // A button waits for what is on its way: two saves at once would be a race with oneself.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = null;
    again = false;
    if (flight) {
      event.preventDefault();
      const button = event.submitter;
      flight.then(() => setTimeout(() => { if (!isLost) form.requestSubmit(button); }));
    } else if (navigator.onLine) store.drop(key);
    else keep();
  });
  window.addEventListener("pagehide", () => { if (timer || flight) store.set(key, { at: time(), fields: fields(), unsure }); });

  // What was kept comes back into its fields; what was kept of other figures is sent when the connection is there.
  const restore = () => {
    const kept = store.get(key);
    if (!kept || form.querySelector(".err")) return;
    const now = version.value;
    kept.fields.forEach(([name, value]) => {
      const field = form.elements[name];
      if (!field) return;
      if (field instanceof RadioNodeList) field.value = value;
      else if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    });
    if (version.value !== now) clean = "";
    add();
    choose();
    unsure = kept.unsure;
    save();
  };
  const sendOthers = async () => {
    for (const name of store.names()) {
      const kept = store.get(name);
      if (name === key || !kept) continue;
      try {
        const answer = await send(name.slice(prefix.length), kept.fields);
        if (answer.ok && !answer.redirected) store.drop(name);
      } catch { return; }
    }
  };
  window.addEventListener("online", () => { save(); sendOthers(); });

  document.querySelector("[data-step]")?.scrollIntoView({ block: "nearest", inline: "center" });
  add();
  choose();
  if (barSaved && form.querySelector("[name=kind]")) barSaved.textContent = barSaved.dataset.typed;
  restore();
  if (navigator.onLine) sendOthers();
})();
