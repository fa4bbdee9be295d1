// One text that several people write at once. The store keeps every word, so this box never asks who may type: it
// tells the kernel what it had and what was made of it, and takes in what others did, round the caret of whoever types.

const PAUSE = 200; // milliseconds from a key until it is sent, so that fast typing is a few changes a second
const RETRY = 5_000; // until it is tried again when the words could not be kept
const PATIENCE = 12_000; // without an answer until the box says so; a kernel that reads a text for the first time is slow
const CALM = 1_500; // without a change until a screen reader hears that all is saved: not after each key

const WORD = 1_000; // what a word weighs beside a space between words

const pieces = (text) => text.match(/\s+|\S+/g) ?? [];
const isSpace = (piece) => /^\s/.test(piece);

const LARGEST = 4_000_000; // cells of a table; two texts of the largest size have less

// Which pieces were taken out, and which were put in before which. The longest row of pieces that both have stays: who
// types here and there before an answer comes has not touched the words between, which others may be at.
function changes(old, now) {
  const most = Math.min(old.length, now.length);
  let start = 0;
  while (start < most && old[start] === now[start]) start++;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const [rows, columns] = [old.length - end - start, now.length - end - start];
  const gone = new Set();
  const typed = new Map();
  if (rows * columns > LARGEST) {
    for (let i = start; i < start + rows; i++) gone.add(i);
    return { gone, typed: typed.set(start, now.slice(start, start + columns)) };
  }
  const table = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--)
      table[i][j] =
        old[start + i] === now[start + j]
          ? table[i + 1][j + 1] + (isSpace(old[start + i]) ? 1 : WORD)
          : Math.max(table[i + 1][j], table[i][j + 1]);
  let [i, j, stretch] = [0, 0, undefined];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && old[start + i] === now[start + j]) {
      [i, j, stretch] = [i + 1, j + 1, undefined];
      continue;
    }
    stretch ??= start + i;
    if (j >= columns || (i < rows && table[i + 1][j] >= table[i][j + 1])) gone.add(start + i++);
    else typed.set(stretch, [...(typed.get(stretch) ?? []), now[start + j++]]);
  }
  return { gone, typed };
}

const count = (length, from) => Array.from({ length }, (_, index) => from + index);

const isLetter = (char) => char !== undefined && /\S/.test(char);

// Whether of two things that were put in at one place, between two characters, the one goes before the other: what goes
// on with a word stays at it. Undefined where both do.
function goesFirst(one, other, before, after) {
  if (isLetter(before) && isLetter(one[0]) !== isLetter(other[0])) return isLetter(one[0]);
  if (isLetter(after) && isLetter(one.at(-1)) !== isLetter(other.at(-1))) return isLetter(other.at(-1));
  return one.trim() && other.trim() ? undefined : true;
}

// What `mine` and `theirs` make of `base` together: every word that either typed, less what either took out; where both
// typed in one place, mine comes first. `places` are places in `mine`; the answer says where they are then.
export function rebase(base, mine, theirs, places = []) {
  const [old, own] = [pieces(base), pieces(mine)];
  const one = changes(old, own);
  const other = changes(old, pieces(theirs));
  let text = "";
  let spaced = true;
  const spots = []; // of each piece of mine: where its letters are; undefined where others have taken it out
  const elsewhere = new Map(); // where others put a word
  const put = (piece) => {
    if (!spaced && !isSpace(piece)) text += " "; // two words never become one
    text += piece;
    spaced = /\s$/.test(piece);
    return count(piece.length, text.length - piece.length);
  };
  const made = (change, start, end) =>
    count(end - start, start).flatMap((place) => [
      ...(change.typed.get(place) ?? []),
      ...(change.gone.has(place) ? [] : [old[place]]),
    ]);
  // Where both only put letters in, each at places of their own, they have a word in common that both are making:
  // whoever types right before a word that somebody else is typing. Says where that ends; nowhere if it is not so.
  const putTogether = (start) => {
    let end = start;
    while (one.gone.has(end) || other.gone.has(end)) end++;
    const before = [...old.slice(start, end).join("")];
    const here = made(one, start, end);
    const [ours, theirs] = [here, made(other, start, end)].map((all) => changes(before, [...all.join("")]));
    if (!ours.typed.size || !theirs.typed.size || ours.gone.size || theirs.gone.size) return start;
    let whole = "";
    const at = [];
    for (let place = 0; place <= before.length; place++) {
      const [letters, others] = [ours, theirs].map((change) => (change.typed.get(place) ?? []).join(""));
      const more = letters === others ? "" : others;
      const first = more && letters ? goesFirst(letters, more, before[place - 1], before[place]) : true;
      if (first === undefined) return start;
      if (!first) whole += more;
      at.push(...count(letters.length, whole.length));
      whole += first ? letters + more : letters;
      if (place === before.length) break;
      at.push(...count(before[place].length, whole.length));
      whole += before[place];
    }
    const [from] = put(whole);
    for (const piece of here) spots.push(at.splice(0, piece.length).map((index) => from + index));
    return end;
  };
  let place = 0;
  while (place <= old.length) {
    const end = putTogether(place);
    if (end > place) {
      place = end;
      continue;
    }
    const mineHere = one.typed.get(place) ?? [];
    const others = other.typed.get(place) ?? [];
    const putOthers = () =>
      others.join("") !== mineHere.join("") && others.forEach((piece) => elsewhere.set(piece, put(piece)[0]));
    // What was put before a word stays before what is made of that word; else mine comes first.
    const before = one.gone.has(place) && !other.gone.has(place);
    if (before) putOthers();
    for (const piece of mineHere) spots.push(put(piece));
    if (!before) putOthers();
    if (place === old.length) break;
    const kept = !one.gone.has(place);
    const at = kept && !other.gone.has(place) ? put(old[place]) : undefined;
    if (kept) spots.push(at);
    place++;
  }
  const move = (place) => {
    let [end, found] = [0, 0];
    for (const [index, piece] of own.entries()) {
      const begin = end;
      if (begin >= place) break;
      end += piece.length;
      const into = Math.min(place, end) - begin;
      if (spots[index] !== undefined) found = spots[index][into - 1] + 1;
      // Others have the word in another place: who was in it still is.
      else if (!isSpace(piece) && elsewhere.has(piece)) found = elsewhere.get(piece) + into;
      // Others have made other spaces of these; who was behind a word and a space still is, and not at the word.
      else if (isSpace(piece)) for (let i = 0; i < into && isSpace(text.slice(found)); i++) found++;
    }
    return found;
  };
  return { text, places: places.map(move) };
}

function make(tag, options = {}, ...children) {
  const found = Object.assign(document.createElement(tag), options);
  found.append(...children);
  return found;
}

function render({ model, el }) {
  const view = `${Math.random().toString(36).slice(2)}`;
  const name = `vqe-${view}`;
  let base = model.get("text"); // what the kernel has, as far as this box knows
  let version = model.get("version"); // of that
  let sent; // {number, text}: what is on its way
  let missed; // what others made meanwhile
  let held; // answers that wait until a letter is composed
  let composing = false;
  let refused = ""; // why the words are not kept
  let count = 0;
  const timers = {};
  const later = (what, act, after) => {
    clearTimeout(timers[what]);
    timers[what] = setTimeout(act, after);
  };

  const label = make("label", { className: "vqe-label", htmlFor: name });
  const hint = make("p", { className: "vqe-hint", id: `${name}-hint` });
  const box = make("textarea", { id: name, value: base, rows: model.get("lines"), spellcheck: true, dir: "auto" });
  const state = make("span", { className: "vqe-state" });
  const spoken = make("span", { className: "vqe-spoken" });
  const counter = make("span", { className: "vqe-count", id: `${name}-count` });
  const wrong = make("div", { className: "vqe-wrong", id: `${name}-wrong` });
  state.setAttribute("aria-hidden", "true"); // it changes with every key; `spoken` says the same when it is calm
  spoken.setAttribute("role", "status");
  wrong.setAttribute("role", "alert");
  box.setAttribute("aria-describedby", `${hint.id} ${counter.id} ${wrong.id}`);
  el.className = "vqe";
  el.replaceChildren(label, hint, box, make("div", { className: "vqe-below" }, state, counter), spoken, wrong);

  const limit = () => model.get("limit");
  const length = (text) => [...text].length; // as Python counts

  function tell() {
    const over = length(box.value) - limit();
    counter.textContent = `${length(box.value)} of ${limit()} characters`;
    counter.classList.toggle("over", over > 0);
    const why =
      over > 0
        ? `This is ${over} ${over === 1 ? "character" : "characters"} too long. It is saved once it is shorter.`
        : refused;
    if (wrong.textContent !== why) wrong.textContent = why;
    wrong.hidden = !why;
    box.setAttribute("aria-invalid", String(over > 0));
    const now = why ? "Not saved" : sent || dirty() ? "Saving..." : "Saved";
    state.textContent = now;
    later("calm", () => spoken.textContent !== now && (spoken.textContent = now), CALM);
  }

  // A box makes one kind of line end of all; that alone is no change of anybody's.
  const even = (text) => text.replace(/\r\n?/g, "\n");
  const dirty = () => box.value !== even(base);

  function show({ text, places }) {
    if (text === box.value) return;
    const { scrollTop, selectionDirection } = box;
    box.value = text;
    // A selection that is set in a box without the keyboard would draw the keyboard there, in some browsers.
    if (box.getRootNode().activeElement === box) box.setSelectionRange(...places, selectionDirection);
    box.scrollTop = scrollTop;
  }

  function take(from, text) {
    show(rebase(even(from), box.value, even(text), [box.selectionStart, box.selectionEnd]));
    base = text;
  }

  function send() {
    clearTimeout(timers.send);
    if (sent || !dirty() || composing || length(box.value) > limit()) return;
    sent = { number: `${view}-${++count}`, text: box.value };
    later("patience", () => lose(), PATIENCE);
    try {
      model.send({ base, ...sent });
    } catch {
      lose();
    }
    tell();
  }

  function lose() {
    refused = "Nobody keeps these words just now. Copy them, then press Run to go on.";
    tell();
  }

  function hear(content) {
    if (composing) {
      held = content;
      return;
    }
    if (!sent || content?.number !== sent.number) return;
    clearTimeout(timers.patience);
    const { text } = sent;
    sent = undefined;
    if (typeof content.text === "string") {
      refused = "";
      version = content.version;
      take(text, content.text);
    } else {
      refused = String(content.error ?? "");
      if (content.again) later("send", send, RETRY);
    }
    // What others made meanwhile is in the answer, unless that was held while a letter was composed, or said no.
    if (missed?.version > version) {
      version = missed.version;
      take(base, missed.text);
    }
    missed = undefined;
    if (!refused && dirty()) later("send", send, PAUSE);
    tell();
  }

  function changed() {
    const [text, newer] = [model.get("text"), model.get("version")];
    if (newer <= version) return; // an answer that was sent later has been here before it
    if (sent || composing) {
      missed = { text, version: newer };
      return;
    }
    version = newer;
    if (text !== base) take(base, text);
    if (dirty() && !refused) later("send", send, PAUSE);
    tell();
  }

  function name_it() {
    label.textContent = model.get("label");
    hint.textContent = model.get("hint");
    hint.hidden = !hint.textContent;
  }

  box.addEventListener("input", () => {
    if (!sent) refused = "";
    if (!timers.waiting) {
      timers.waiting = setTimeout(() => {
        timers.waiting = undefined;
        send();
      }, PAUSE);
    }
    tell();
  });
  box.addEventListener("blur", send);
  box.addEventListener("compositionstart", () => (composing = true));
  box.addEventListener("compositionend", () => {
    composing = false;
    const answer = held;
    held = undefined;
    if (answer) hear(answer);
    if (!sent && missed !== undefined) {
      missed = undefined;
      changed();
    }
    later("send", send, PAUSE);
  });

  // JupyterLab takes keys for itself on their way down to us; this attribute it knows.
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const kind of ["keydown", "keyup", "keypress"]) el.addEventListener(kind, (event) => event.stopPropagation());
  model.on("msg:custom", hear);
  model.on("change:version", changed);
  for (const trait of ["label", "hint"]) model.on(`change:${trait}`, name_it);
  name_it();
  tell();
  return () => {
    send();
    Object.values(timers).forEach(clearTimeout);
    model.off("msg:custom", hear);
    model.off("change:version", changed);
    for (const trait of ["label", "hint"]) model.off(`change:${trait}`, name_it);
  };
}

export default { render };
