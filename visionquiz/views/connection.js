// What a form needs of the browser: groups of choices that say what they ask, and whether somebody is still there to
// keep what is typed. A form whose kernel has died looks as it did before, and a busy one reads what it has so far.
// Asked only while something is typed or moved, so that an open form costs nothing.

// Milliseconds without an answer until the form says so. A kernel that grades answers nothing meanwhile, which takes some
// seconds the first time; one that has died is noticed at once where JupyterLab has closed the line.
const PATIENCE = 12_000;

function render({ model, el }) {
  el.className = "vqf-connection";
  el.setAttribute("role", "alert");
  el.hidden = true;

  const listening = new AbortController();
  let asked = 0; // the number of the last question
  let waiting; // the timer of the first question that is not answered yet
  let lastBox; // where something was typed
  let locked = [];
  let pressed; // a button whose press waits until what was typed has arrived

  const form = () => el.closest(".vqf");

  function lose() {
    pressed = undefined;
    // What is typed stays, to be read and copied; only nothing can be added to it.
    for (const box of form()?.querySelectorAll("textarea, input, button") ?? []) {
      const property = box.tagName === "TEXTAREA" ? "readOnly" : "disabled";
      if (!box[property]) {
        box[property] = true;
        locked.push([box, property]);
      }
    }
    (lastBox?.closest(".widget-textarea") ?? el).after(el);
    const words = document.createElement("div");
    words.className = "wrong";
    words.textContent = model.get("lost");
    el.replaceChildren(words);
    el.hidden = false;
    el.scrollIntoView({ block: "nearest" });
  }

  function find() {
    clearTimeout(waiting);
    waiting = undefined;
    locked.forEach(([box, property]) => (box[property] = false));
    locked = [];
    el.hidden = true;
    const button = pressed;
    pressed = undefined;
    button?.click();
  }

  // ipywidgets holds typed text back while the kernel is busy, but not a press: what is read then lacks its last words.
  // So a press waits for the answer to the question that went out with the last key; the text has been sent by then.
  // A press within what was moved last is one move more, and goes the same way as the one before.
  function hold(event) {
    const button = event.target.closest?.("button");
    if (!waiting || !button || !form()?.contains(button) || lastBox.contains(button)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = button;
  }

  function ask(event) {
    if (!form()?.contains(event.target)) return;
    lastBox = event.target;
    waiting ??= setTimeout(lose, PATIENCE);
    try {
      model.send({ asked: ++asked });
    } catch {
      lose(); // JupyterLab has closed the line itself
    }
  }

  // ipywidgets draws a group of radio buttons without telling a screen reader what it asks.
  function nameGroups() {
    for (const group of form()?.querySelectorAll(".widget-radio:not([role])") ?? []) {
      const label = group.querySelector(".widget-label");
      if (!label?.textContent.trim()) continue;
      label.id ||= `vqf-${Math.random().toString(36).slice(2)}`;
      group.setAttribute("role", "radiogroup");
      group.setAttribute("aria-labelledby", label.id);
    }
  }
  const watching = new MutationObserver(nameGroups);
  requestAnimationFrame(() => {
    nameGroups();
    if (form()) watching.observe(form(), { childList: true, subtree: true });
  });

  document.addEventListener("input", ask, { signal: listening.signal });
  document.addEventListener("click", hold, { signal: listening.signal, capture: true });
  model.on("msg:custom", ({ asked: answered }) => {
    if (answered === asked) {
      find();
    } else if (waiting && answered) {
      // On a slow line there is always a newer question on its way while somebody types; but somebody is there.
      clearTimeout(waiting);
      waiting = setTimeout(lose, PATIENCE);
    }
  });
  model.send({ drawn: true }); // all models are there before the first of them is drawn
  return () => {
    listening.abort();
    watching.disconnect();
    clearTimeout(waiting);
  };
}

export default { render };
