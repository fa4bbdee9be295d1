// A row of choices for each criterion. Native radio buttons in a fieldset: keyboard and screen reader know them.

let made = 0;

function render({ model, el }) {
  el.className = "vqm";
  made += 1;
  const group = `vqm-${made}-${Date.now()}`;

  const make = (tag, text) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    return node;
  };

  function drawRow(row, place) {
    const box = make("fieldset");
    const legend = make("legend", row.label);
    if (row.hint) legend.append(make("small", row.hint));
    const choices = make("div");
    choices.className = "vqm-choices";
    for (const choice of model.get("choices")) {
      const label = make("label");
      const radio = make("input");
      radio.type = "radio";
      radio.name = `${group}-${place}`;
      radio.value = choice.id;
      radio.dataset.row = row.id;
      radio.addEventListener("change", () => {
        model.set("chosen", { ...model.get("chosen"), [row.id]: choice.id });
        model.save_changes();
      });
      label.append(radio, choice.label);
      choices.append(label);
    }
    box.append(legend, choices);
    return box;
  }

  function check() {
    const chosen = model.get("chosen");
    for (const radio of el.querySelectorAll("input")) radio.checked = chosen[radio.dataset.row] === radio.value;
  }

  function draw() {
    el.replaceChildren(...model.get("rows").map(drawRow));
    check();
  }

  // JupyterLab takes keys for itself, arrows too, which choose among radio buttons.
  el.addEventListener("keydown", (event) => event.stopPropagation());
  model.on("change:rows", draw);
  model.on("change:chosen", check);
  draw();
  return () => model.off(null, null);
}

export default { render };
