/** Draws the boards of a {@link Boards} and follows its changes. */

import { isSettled } from "./model.js";

/** Exports that have a place of their own in the view, or none. */
const UNLISTED = /^(frames\/.*|board\.json)$/;
/** What a director opens first. */
const FIRST = ["contact_sheet.png", "report.md", "report.json"];

/** An element with properties, data attributes and children. */
function element(tag, { data = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

/** Write only what differs: a screen reader repeats a live region that is written again. */
function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function loadStyle() {
  const href = new URL("./board.css", import.meta.url).href;
  if (!document.querySelector(`link[href="${href}"]`)) {
    document.head.append(element("link", { rel: "stylesheet", href }));
  }
}

export class BoardView {
  #boards;
  #text;
  #fileUrl;
  #sections = new Map();
  #update = () => this.update();

  /**
   * @param {import("./model.js").Boards} boards
   * @param {object} text the words, see text.js
   * @param {(board: object, name: string) => string} fileUrl
   */
  constructor(boards, text, fileUrl) {
    loadStyle();
    this.#boards = boards;
    this.#text = text;
    this.#fileUrl = fileUrl;
    this.root = element("div", { className: "aldar-board" });
    boards.addEventListener("change", this.#update);
    this.update();
  }

  close() {
    this.#boards.removeEventListener("change", this.#update);
    this.root.remove();
  }

  update() {
    const all = this.#boards.all;
    if (!all.length) {
      this.root.replaceChildren(element("p", { className: "empty" }, this.#text.empty));
      return;
    }
    const known = new Map();
    for (const board of all) {
      const section = this.#sections.get(board) ?? new Section(board, this.#text, this.#fileUrl);
      section.update();
      known.set(board, section);
    }
    const changed = known.size !== this.#sections.size || all.some((b) => !this.#sections.has(b));
    this.#sections = known;
    if (changed) this.root.replaceChildren(...[...known.values()].map((section) => section.root));
  }
}

/** One board: its name, how far it is, its frames, its files. */
class Section {
  constructor(board, text, fileUrl) {
    this.board = board;
    this.text = text;
    this.url = (name) => fileUrl(board, name);
    this.summary = element("p", { className: "summary", role: "status" });
    this.notice = element("p", { className: "notice", role: "alert", hidden: true });
    this.bar = element("progress", { max: board.frames.length });
    this.cards = board.frames.map((frame) => new Card(frame, text, this.url));
    this.files = element("nav", { className: "files", ariaLabel: text.files, hidden: true });
    const name = board.folder || text.root;
    this.bar.ariaLabel = name;
    this.root = element(
      "section",
      { ariaLabel: name },
      element("h3", {}, name),
      this.summary,
      this.notice,
      this.bar,
      this.files,
      element("ol", { className: "frames", role: "list" }, ...this.cards.map((card) => card.root)),
    );
  }

  update() {
    const { frames, state, files, notice = "" } = this.board;
    const done = frames.filter(isSettled).length;
    const kept = frames.filter((frame) => frame.state === "kept").length;
    const words = this.text[state];
    write(this.summary, state === "finished" ? words(frames.length, kept) : words(done, frames.length));
    write(this.notice, notice);
    this.notice.hidden = !notice;
    this.root.dataset.state = state;
    this.bar.value = done;
    this.bar.hidden = state !== "running";
    for (const card of this.cards) card.update();
    if (this.files.hidden && files.length) this.listFiles(files);
  }

  listFiles(files) {
    const place = (name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
    const listed = files.filter((name) => !UNLISTED.test(name));
    listed.sort((a, b) => place(a) - place(b));
    const link = (name) =>
      element("a", { href: this.url(name), target: "_blank", rel: "noopener" }, this.text.names[name] ?? name);
    this.files.replaceChildren(...listed.map(link));
    this.files.hidden = false;
  }
}

/** One frame: picture, number, state, take, score, caption. */
class Card {
  constructor(frame, text, url) {
    this.frame = frame;
    this.text = text;
    this.url = url;
    this.picture = element("div", { className: "picture" });
    this.state = element("span", { className: "state" });
    this.details = element("span", { className: "details" });
    this.caption = element("p", { className: "caption" });
    const number = element("span", { className: "number" }, String(frame.number));
    this.root = element(
      "li",
      { data: { frame: frame.number } },
      this.picture,
      element("p", { className: "line" }, number, this.state, this.details),
      this.caption,
    );
  }

  update() {
    const { state, attempt, score, scoreName, caption = "", locked, stale } = this.frame;
    const details = [];
    if (attempt !== undefined) details.push(this.text.take(attempt));
    if (score != null) details.push(this.text.score(score.toFixed(2), scoreName));
    if (locked) details.push(this.text.locked);
    if (stale) details.push(this.text.stale);
    this.root.classList.toggle("stale", Boolean(stale));
    this.root.dataset.state = state;
    write(this.state, this.text.states[state]);
    write(this.details, details.join(" · "));
    write(this.caption, caption);
    this.caption.title = caption;
    this.show();
  }

  show() {
    const { number, file, caption } = this.frame;
    if (!file) return;
    const href = this.url(file);
    const name = this.text.frame(number);
    let link = this.picture.firstElementChild;
    if (link?.getAttribute("href") !== href) {
      link = element("a", { href, target: "_blank", rel: "noopener" });
      link.append(element("img", { src: href, loading: "lazy", decoding: "async" }));
      this.picture.replaceChildren(link);
    }
    link.ariaLabel = `${name} (${this.text.open})`;
    link.firstElementChild.alt = caption ? `${name}: ${caption}` : name;
  }
}
