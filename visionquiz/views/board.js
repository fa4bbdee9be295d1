// Cards that people lay into places, or put into order: by dragging, or with the menu and the buttons that each card
// has, so that a keyboard, a finger and a screen reader can do all that a mouse can.

function render({ model, el }) {
  el.className = "vqb";
  let dragged; // the id of the card that is being dragged

  const words = document.createElement("p");
  words.className = "vqb-said";
  words.setAttribute("role", "status");

  const make = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const cards = () => model.get("cards");
  const label = (bin) => model.get("bins").find((one) => one.id === bin)?.label ?? model.get("tray");

  // Where the cards lie now: every card once, in order; a card without a place lies in the tray.
  function layout() {
    const known = new Map(cards().map((card) => [card.id, card]));
    const placed = model.get("placed").filter(([id]) => known.has(id));
    const there = new Set(placed.map(([id]) => id));
    return [...placed, ...cards().filter((card) => !there.has(card.id)).map((card) => [card.id, ""])];
  }

  function put(placed, id, says) {
    model.set("placed", placed);
    model.save_changes();
    draw();
    el.dispatchEvent(new Event("input", { bubbles: true })); // a press of the page's buttons waits for it
    words.textContent = says;
    el.querySelector(`[data-card="${CSS.escape(id)}"] .vqb-first`)?.focus();
  }

  function move(id, bin, before) {
    const rest = layout().filter(([other]) => other !== id);
    const at = before === undefined ? rest.length : rest.findIndex(([other]) => other === before);
    rest.splice(at < 0 ? rest.length : at, 0, [id, bin]);
    const place = rest.filter(([, where]) => where === bin).findIndex(([other]) => other === id) + 1;
    put(rest, id, model.get("ordered") ? `Now number ${place} of ${rest.length}.` : `Now in ${label(bin)}.`);
  }

  function step(id, by) {
    const now = layout();
    const from = now.findIndex(([other]) => other === id);
    const to = from + by;
    if (to < 0 || to >= now.length) return;
    [now[from], now[to]] = [now[to], now[from]];
    put(now, id, `Now number ${to + 1} of ${now.length}.`);
  }

  function drawCard(card, bin, place) {
    const item = make("li", "vqb-card");
    item.dataset.card = card.id;
    const locked = model.get("locked");
    item.draggable = !locked;
    item.addEventListener("dragstart", (event) => {
      dragged = card.id;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.id);
    });
    item.addEventListener("dragend", () => (dragged = undefined));
    item.addEventListener("dragover", (event) => event.preventDefault());
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (dragged && dragged !== card.id) move(dragged, bin, card.id);
    });
    if (model.get("ordered")) item.append(make("span", "vqb-number", `${place}`));
    const text = make("div", "vqb-text");
    text.append(make("span", "", card.text));
    if (card.by) text.append(make("span", "vqb-by", card.by));
    item.append(text);
    if (!locked && model.get("ordered")) {
      const buttons = make("div", "vqb-buttons");
      for (const [by, sign, says] of [[-1, "↑", "Move up"], [1, "↓", "Move down"]]) {
        const button = make("button", by < 0 ? "vqb-first" : "", sign);
        button.type = "button";
        button.setAttribute("aria-label", `${says}: ${card.text}`);
        button.addEventListener("click", () => step(card.id, by));
        buttons.append(button);
      }
      item.append(buttons);
    } else if (!locked) {
      const menu = make("select", "vqb-first");
      menu.setAttribute("aria-label", `Where does this go: ${card.text}`);
      for (const one of [{ id: "", label: model.get("tray") }, ...model.get("bins")]) {
        const option = make("option", "", one.label);
        option.value = one.id;
        menu.append(option);
      }
      menu.value = bin;
      menu.addEventListener("change", () => move(card.id, menu.value));
      item.append(menu);
    }
    const remark = model.get("remarks")[card.id];
    if (remark) {
      item.classList.add(remark.good ? "good" : "other");
      const told = make("div", "vqb-remark");
      told.append(make("strong", "", remark.head), document.createTextNode(` ${remark.text}`));
      item.append(told);
    }
    return item;
  }

  function drawBin(bin, title, hint, placed) {
    const box = make("section", "vqb-bin");
    box.dataset.bin = bin;
    box.setAttribute("aria-label", title);
    box.append(make("h4", "", title));
    if (hint) box.append(make("p", "vqb-hint", hint));
    const list = make(model.get("ordered") ? "ol" : "ul", "");
    const here = placed.filter(([, where]) => where === bin);
    const known = new Map(cards().map((card) => [card.id, card]));
    here.forEach(([id], index) => list.append(drawCard(known.get(id), bin, index + 1)));
    if (!here.length) list.append(make("li", "vqb-empty", bin ? "Nothing here yet" : "All cards have a place"));
    box.append(list);
    box.addEventListener("dragover", (event) => event.preventDefault());
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged) move(dragged, bin);
    });
    return box;
  }

  function draw() {
    const placed = layout();
    const shelf = make("div", "vqb-shelf");
    if (model.get("ordered")) {
      shelf.append(drawBin("", model.get("tray"), "", placed.map(([id]) => [id, ""])));
    } else {
      if (!model.get("locked") || placed.some(([, bin]) => !bin)) shelf.append(drawBin("", model.get("tray"), "", placed));
      const bins = make("div", "vqb-bins"); // beside the tray, so that none is far from a long one
      bins.append(...model.get("bins").map((bin) => drawBin(bin.id, bin.label, bin.hint, placed)));
      shelf.append(bins);
    }
    el.replaceChildren(shelf, words);
  }

  // JupyterLab takes keys for itself, arrows and letters, also while a menu of ours has them.
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // it listens above us, before we could stop a key
  el.addEventListener("keydown", (event) => event.stopPropagation());
  const again = () => !el.contains(document.activeElement) && draw();
  for (const name of ["cards", "bins", "remarks", "locked"]) model.on(`change:${name}`, draw);
  model.on("change:placed", again);
  draw();
  return () => model.off(null, draw);
}

export default { render };
