// A wall of themes. Python holds the model: whatever is done here is sent, and what is shown is what came back.
// All text is set as text, never as markup.

function make(tag, options = {}, ...children) {
  const { className, label, ...rest } = options;
  const found = Object.assign(document.createElement(tag), rest);
  if (className) found.className = className;
  if (label) found.setAttribute("aria-label", label);
  found.append(...children);
  return found;
}

function render({ model, el }) {
  const chosen = new Set(); // ideas that are ticked to be split off
  let after; // what to focus once the answer is drawn: a function that finds it
  let naming; // {theme, kind}: the theme whose name is being typed
  let dragged;

  const said = make("div", { className: "vqt-said" });
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  const tools = make("div", { className: "vqt-tools" });
  const wall = make("div", { className: "vqt-wall" });
  el.replaceChildren(tools, said, wall);

  const send = (message, focus) => {
    after = focus;
    model.send(message);
  };
  const find = (kind, id, part) =>
    [...wall.querySelectorAll(`[data-${kind}]`)].find((one) => one.dataset[kind] === id)?.querySelector(part);
  const short = (text) => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

  // A menu acts when it is left or Enter is pressed: with the arrow keys alone it would act at every step.
  function menu(first, themes, label, act) {
    const list = make("select", { label }, make("option", { value: "", textContent: first }));
    for (const theme of themes) list.append(make("option", { value: theme.id, textContent: theme.name }));
    const go = make("button", { type: "button", textContent: "Go", label: `${label}: go` });
    go.disabled = true;
    list.addEventListener("change", () => (go.disabled = !list.value));
    list.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && list.value) {
        event.preventDefault();
        act(list.value);
      }
    });
    go.addEventListener("click", () => list.value && act(list.value));
    return [list, go];
  }

  function card(idea, theme, others) {
    const box = make("input", { type: "checkbox", checked: chosen.has(idea.id) });
    box.addEventListener("change", () => {
      chosen[box.checked ? "add" : "delete"](idea.id);
      item.classList.toggle("chosen", box.checked);
      const button = find("theme", theme.id, ".vqt-split");
      if (button) button.disabled = !theme.ideas.some((one) => chosen.has(one.id));
    });
    const [list, go] = menu("Move to", others, `Move '${short(idea.text)}' to`, (to) =>
      send({ kind: "move", ideas: [idea.id], to }, () => find("idea", idea.id, "select")),
    );
    const item = make(
      "li",
      { draggable: true, className: chosen.has(idea.id) ? "chosen" : "" },
      make("p", { textContent: idea.text, dir: "auto" }),
      make(
        "div",
        { className: "vqt-tools" },
        ...(idea.count > 1 ? [make("span", { className: "soft", textContent: `said ${idea.count} times` })] : []),
        ...(others.length ? [list, go] : []),
        make("label", {}, box, "Choose"),
      ),
    );
    item.dataset.idea = idea.id;
    item.addEventListener("dragstart", (event) => {
      dragged = { idea: idea.id, theme: theme.id };
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", idea.text);
    });
    item.addEventListener("dragend", () => (dragged = undefined));
    return item;
  }

  function nameBox(theme) {
    const isSplit = naming.kind === "split";
    const box = make("input", {
      type: "text",
      maxLength: 60,
      value: naming.typed ?? (isSplit ? "" : theme.name),
      label: isSplit ? "Name of the new theme" : "New name of this theme",
      placeholder: isSplit ? "Name of the new theme" : "",
    });
    // Answers may come in while somebody types, and the wall is drawn anew.
    box.addEventListener("input", () => (naming.typed = box.value));
    const close = (focus) => {
      naming = undefined;
      draw();
      find("theme", theme.id, focus)?.focus();
    };
    const keep = () => {
      const ideas = isSplit ? theme.ideas.map((one) => one.id).filter((id) => chosen.has(id)) : [];
      const kind = naming.kind;
      if (!box.value.trim()) return box.focus();
      naming = undefined;
      ideas.forEach((id) => chosen.delete(id));
      send({ kind, theme: theme.id, ideas, name: box.value }, () => find("theme", theme.id, ".vqt-rename"));
    };
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") keep();
      if (event.key === "Escape") close(".vqt-rename");
    });
    const ok = make("button", { type: "button", textContent: "Keep this name" });
    ok.addEventListener("click", keep);
    const no = make("button", { type: "button", textContent: "Cancel" });
    no.addEventListener("click", () => close(".vqt-rename"));
    return make("div", { className: "vqt-naming" }, box, make("div", { className: "vqt-tools" }, ok, no));
  }

  function column(theme, themes) {
    const others = themes.filter((one) => one.id !== theme.id);
    const rename = make("button", {
      type: "button", className: "vqt-rename", textContent: "Rename", label: `Rename '${theme.name}'`,
    });
    const split = make("button", {
      type: "button", className: "vqt-split", textContent: "Split off chosen",
      label: `Split the chosen ideas off from '${theme.name}'`,
    });
    split.disabled = !theme.ideas.some((one) => chosen.has(one.id));
    for (const [button, kind] of [[rename, "rename"], [split, "split"]]) {
      button.addEventListener("click", () => {
        naming = { theme: theme.id, kind };
        draw();
        find("theme", theme.id, ".vqt-naming input")?.focus();
      });
    }
    const merge = menu("Merge into", others, `Merge '${theme.name}' into`, (to) =>
      send({ kind: "merge", theme: theme.id, to }, () => find("theme", to, ".vqt-rename")),
    );
    const count = theme.ideas.reduce((sum, one) => sum + one.count, 0);
    const found = make(
      "section",
      { label: theme.name },
      make("h4", { textContent: theme.name, dir: "auto" }),
      make("p", { className: "soft", textContent: count === 1 ? "1 answer" : `${count} answers` }),
      naming?.theme === theme.id
        ? nameBox(theme)
        : make("div", { className: "vqt-tools" }, rename, split, ...(others.length ? merge : [])),
      make("ul", {}, ...theme.ideas.map((idea) => card(idea, theme, others))),
    );
    found.dataset.theme = theme.id;
    found.addEventListener("dragover", (event) => {
      if (!dragged || dragged.theme === theme.id) return;
      event.preventDefault();
      found.classList.add("over");
    });
    found.addEventListener("dragleave", () => found.classList.remove("over"));
    found.addEventListener("drop", (event) => {
      found.classList.remove("over");
      if (!dragged || dragged.theme === theme.id) return;
      event.preventDefault();
      const { idea } = dragged;
      dragged = undefined;
      send({ kind: "move", ideas: [idea], to: theme.id }, () => find("idea", idea, "select"));
    });
    return found;
  }

  function draw() {
    const { themes = [], undo, redo } = model.get("board");
    const known = new Set(themes.flatMap((theme) => theme.ideas.map((one) => one.id)));
    chosen.forEach((id) => known.has(id) || chosen.delete(id));
    const held = document.activeElement?.closest?.("button")?.dataset.act;
    const typing = wall.contains(document.activeElement) && document.activeElement.matches(".vqt-naming input");
    tools.replaceChildren(
      ...[["undo", "Undo", undo], ["redo", "Redo", redo]].map(([kind, textContent, can]) => {
        const button = make("button", { type: "button", textContent });
        button.dataset.act = kind;
        // Not disabled, so that the focus is not lost after the last step; Python says that there is nothing.
        button.setAttribute("aria-disabled", String(!can));
        button.style.opacity = can ? "" : ".55";
        button.addEventListener("click", () => send({ kind }));
        return button;
      }),
    );
    if (held) [...tools.children].find((one) => one.dataset.act === held)?.focus();
    wall.replaceChildren(...themes.map((theme) => column(theme, themes)));
    if (typing && naming) find("theme", naming.theme, ".vqt-naming input")?.focus();
    const target = after?.();
    if (target) {
      after = undefined;
      target.focus();
      target.scrollIntoView({ block: "nearest" });
    }
  }

  function tell() {
    const { text = "", bad } = model.get("said");
    said.className = bad ? "vqt-said bad" : "vqt-said";
    said.textContent = text || "Drag a card to another theme, or use its menu and Go.";
  }

  // Keys pressed here are not JupyterLab's: it would delete cells at "d d". It listens on its way down to us, so that
  // stopping them here is too late for it; this attribute it knows.
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  const keep = (event) => event.stopPropagation();
  for (const kind of ["keydown", "keyup", "keypress"]) el.addEventListener(kind, keep);
  model.on("change:board", draw);
  model.on("change:said", tell);
  draw();
  tell();
  return () => {
    model.off("change:board", draw);
    model.off("change:said", tell);
  };
}

export default { render };
