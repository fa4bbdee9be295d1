// Shows a drawing and says what was picked. Drawn anew, what had the keyboard keeps it and open tables stay open.

function render({ model, el }) {
  el.classList.add("vqc-view");
  const keyed = () => [...el.querySelectorAll("[data-pick]")];
  const tables = () => [...el.querySelectorAll("details")];

  function draw() {
    const focused = el.contains(document.activeElement) ? document.activeElement.dataset.pick : undefined;
    const open = tables().map((table) => table.open);
    el.innerHTML = model.get("markup"); // ours: the kernel has escaped whatever people typed
    tables().forEach((table, place) => (table.open = open[place] ?? false));
    if (focused !== undefined) keyed().find((mark) => mark.dataset.pick === focused)?.focus();
  }

  el.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-pick]");
    if (mark) model.send({ pick: mark.dataset.pick });
  });
  model.on("change:markup", draw);
  draw();
  return () => model.off("change:markup", draw);
}

export default { render };
