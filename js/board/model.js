/**
 * What is known of the boards of one run. No DOM, no network.
 *
 * @typedef {object} Frame
 * @property {number} number from 1
 * @property {"waiting"|"rendering"|"rejected"|"accepted"|"kept"|"stored"|"settled"} state
 *   `settled` is a frame that was finished before this page looked
 * @property {number} [attempt] from 0
 * @property {?number} [score] 0-1, or null where nobody was compared with a reference
 * @property {?string} [scoreName] what the score measures
 * @property {string} [file] the picture, below the board's folder; once there is one
 * @property {string} [caption]
 * @property {boolean} [locked] by the user
 * @property {boolean} [stale] the picture was kept, but its shot has changed
 *
 * @typedef {object} Board
 * @property {string} prompt id of the run
 * @property {string} folder below ComfyUI's output folder
 * @property {Frame[]} frames
 * @property {string[]} files what was exported; empty while the loop runs
 * @property {"running"|"finished"|"stopped"} state
 * @property {string} [notice] what the user should know of it
 */

const PICTURE = /^frames\/frame_(\d+)\.png$/;
const SETTLED = new Set(["accepted", "kept", "stored", "settled"]);

/** Whether a frame has its picture for good. */
export function isSettled(frame) {
  return SETTLED.has(frame.state);
}

/** The boards of the latest run, in the order they began; fires `change`. */
export class Boards extends EventTarget {
  /** @type {Map<string, Board>} by folder */
  #boards = new Map();
  /** @type {Map<string, string>} by run and folder; they come before the first frame */
  #notices = new Map();

  /** @returns {Board[]} */
  get all() {
    return [...this.#boards.values()];
  }

  get empty() {
    return this.#boards.size === 0;
  }

  /** Id of the run if it still makes frames. */
  get running() {
    return this.all.find((board) => board.state === "running")?.prompt;
  }

  /** A message `aldar.frame`. Frames begin in order: one that was passed over is settled. */
  step(message) {
    const { prompt_id, board: folder, frame, frames, attempt, state, file, locked, stale } = message;
    const { score, score_name: scoreName } = message;
    const board = this.#board(prompt_id, folder, frames);
    for (const earlier of board.frames.slice(0, frame - 1)) {
      if (earlier.state === "waiting") earlier.state = "settled";
    }
    Object.assign(board.frames[frame - 1], { attempt, state, score, scoreName, locked, stale });
    if (file) board.frames[frame - 1].file = file;
    this.#changed();
  }

  /** A message `aldar.notice`. */
  noticed({ prompt_id, board: folder, text }) {
    const run = `${prompt_id} ${folder}`;
    const notice = [this.#notices.get(run), text].filter(Boolean).join("\n");
    for (const other of this.#notices.keys()) {
      if (!other.startsWith(`${prompt_id} `)) this.#notices.delete(other);
    }
    this.#notices.set(run, notice);
    const board = this.#boards.get(folder);
    if (board?.prompt !== prompt_id) return;
    board.notice = notice;
    this.#changed();
  }

  /** The result of an export node. @returns {Board} */
  exported(prompt, { folder, files, frames }) {
    const board = this.#board(prompt, folder, frames);
    board.files = files;
    board.state = "finished";
    for (const file of files) {
      const number = Number(file.match(PICTURE)?.[1]);
      const frame = board.frames[number - 1];
      if (!frame) continue;
      frame.file = file;
      if (!isSettled(frame)) frame.state = "settled";
    }
    this.#changed();
    return board;
  }

  /** The board's `report.json`. */
  reported(board, report) {
    for (const row of report.frames) {
      const { attempt, score, score_name: scoreName, flagged, caption, locked, stale } = row;
      const frame = board.frames[row.frame - 1];
      if (!frame) continue;
      const state = flagged ? "kept" : frame.state === "stored" ? "stored" : "accepted";
      Object.assign(frame, { state, attempt, score, scoreName, caption, locked, stale });
    }
    this.#changed();
  }

  /** A run ended. Where it stopped early, finished frames stay and the others wait. */
  ended(prompt, whole) {
    for (const board of this.all) {
      if (board.prompt !== prompt || board.state !== "running") continue;
      board.state = whole ? "finished" : "stopped";
      for (const frame of board.frames) if (!isSettled(frame)) frame.state = "waiting";
    }
    this.#changed();
  }

  /** The board of a folder; a new run drops the boards of the one before. */
  #board(prompt, folder, count) {
    if (this.all.some((board) => board.prompt !== prompt)) this.#boards.clear();
    if (!this.#boards.has(folder)) {
      const frames = Array.from({ length: count }, (_, i) => ({ number: i + 1, state: "waiting" }));
      const notice = this.#notices.get(`${prompt} ${folder}`);
      this.#boards.set(folder, { prompt, folder, frames, files: [], state: "running", notice });
    }
    return this.#boards.get(folder);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
