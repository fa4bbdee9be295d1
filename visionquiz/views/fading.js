// The statement as a running line in which each hidden word is a box to type into.
// What is typed goes to the kernel when a box is left, so that nothing is judged while somebody still types.

const SIGNS = { right: "✓", other: "?" };
const SAID = { right: "right", other: "not yet" };

function render({ model, el }) {
  el.classList.add("vqf-fading");
  const line = document.createElement("p");
  line.className = "line";
  line.dir = "auto";
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  el.replaceChildren(line, said);
  let boxes = [];
  let told = [];

  function draw() {
    boxes = [];
    const pieces = model.get("pieces");
    const of = pieces.filter((piece) => piece.hidden).length;
    line.replaceChildren(
      ...pieces.map((piece) => {
        if (!piece.hidden) return document.createTextNode(piece.text);
        if (model.get("shown")) return element("strong", piece.text);
        const slot = element("span", "");
        slot.className = "slot";
        const box = document.createElement("input");
        box.type = "text";
        box.maxLength = 60;
        box.autocomplete = "off";
        box.autocapitalize = "none";
        box.spellcheck = false;
        box.setAttribute("aria-label", `Hidden word ${boxes.length + 1} of ${of}`);
        box.value = model.get("typed")[boxes.length] ?? "";
        const fit = () => (box.style.width = `calc(${Math.max(piece.text.length, box.value.length, 3)}ch + 1.2em)`);
        fit();
        box.addEventListener("input", fit);
        box.addEventListener("change", send);
        box.addEventListener("keydown", move);
        boxes.push(box);
        slot.append(box, element("span", ""));
        return slot;
      }),
    );
    told = [];
    mark();
  }

  function mark() {
    const verdicts = model.get("verdicts");
    const news = [];
    boxes.forEach((box, place) => {
      const verdict = verdicts[place] ?? "";
      box.className = verdict;
      box.setAttribute("aria-invalid", String(verdict === "other"));
      box.nextSibling.textContent = SIGNS[verdict] ?? "";
      box.nextSibling.ariaHidden = "true";
      if (verdict && verdict !== told[place]) news.push(`Hidden word ${place + 1}: ${SAID[verdict]}.`);
    });
    told = [...verdicts];
    if (news.length) said.textContent = news.join(" ");
  }

  function send() {
    model.set("typed", boxes.map((box) => box.value));
    model.save_changes();
  }

  function move(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const next = boxes[boxes.indexOf(event.target) + 1];
    if (next) {
      next.focus();
    } else {
      event.target.blur();
      model.send({ done: true });
    }
  }

  const focus = ({ focus: wanted }) => wanted && (boxes.find((box) => !box.value) ?? boxes[0])?.focus();
  model.on("change:pieces change:shown", draw);
  model.on("change:verdicts", mark);
  model.on("msg:custom", focus);
  draw();
  return () => {
    model.off("change:pieces change:shown", draw);
    model.off("change:verdicts", mark);
    model.off("msg:custom", focus);
  };
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

export default { render };
