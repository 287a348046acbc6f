/**
 * The sidebar tab "Aldar": the storyboard, live while its loop runs and afterwards.
 *
 * The loop sends one `aldar.frame` message per step to every page, and the page that queued the
 * workflow also gets `executed` of the export node. What a page missed, because it was reloaded
 * or because somebody else queued, it reads from the server's history.
 */

import { api } from "../../scripts/api.js";
import { app } from "../../scripts/app.js";
import { Boards } from "./board/model.js";
import { texts } from "./board/text.js";
import { BoardView } from "./board/view.js";

const TAB = "aldar.board";
/** How many of the server's last runs are searched for a board when the page opens. */
const RECENT = 16;

const boards = new Boards();

/** Address of a file of a board; the run is named so that a browser shows no older picture. */
function fileUrl(board, name) {
  const path = [...board.folder.split("/"), ...name.split("/")].filter(Boolean);
  const filename = path.pop();
  const query = { filename, subfolder: path.join("/"), type: "output", run: board.prompt };
  return api.apiURL(`/view?${new URLSearchParams(query)}`);
}

async function readJson(url) {
  const answer = await fetch(url);
  return answer.ok ? answer.json() : null;
}

/** What an export node says: the files, and from the report the fate of every frame. */
async function exported(prompt, output) {
  for (const result of output?.aldar_board ?? []) {
    const board = boards.exported(prompt, result);
    if (result.files.includes("report.json")) {
      const report = await readJson(fileUrl(board, "report.json"));
      if (report) boards.reported(board, report);
    }
  }
}

async function readRun(prompt, run) {
  for (const output of Object.values(run.outputs ?? {})) await exported(prompt, output);
  boards.ended(prompt, run.status?.completed ?? true);
}

/** A change of the queue: the run on show may have ended. */
async function queueChanged() {
  const prompt = boards.running;
  if (!prompt) return;
  const history = await readJson(api.apiURL(`/history/${prompt}`));
  if (history?.[prompt]) await readRun(prompt, history[prompt]);
}

/** The last board the server made, for a page that was not there. */
async function readHistory() {
  const history = (await readJson(api.apiURL(`/history?max_items=${RECENT}`))) ?? {};
  const runs = Object.entries(history).reverse();
  const last = runs.find(([, run]) =>
    Object.values(run.outputs ?? {}).some((output) => output.aldar_board),
  );
  if (last && boards.empty) await readRun(...last);
}

app.registerExtension({
  name: "aldar.board",
  async setup() {
    const locale = () => texts(app.extensionManager.setting.get("Comfy.Locale"));
    let view = null;
    app.extensionManager.registerSidebarTab({
      id: TAB,
      icon: "pi pi-images",
      title: "Aldar",
      tooltip: locale().tooltip,
      type: "custom",
      render(element) {
        if (view && element.contains(view.root)) return;
        view?.close();
        view = new BoardView(boards, locale(), fileUrl);
        element.replaceChildren(view.root);
      },
      destroy() {
        view?.close();
        view = null;
      },
    });
    api.addEventListener("aldar.frame", ({ detail }) => boards.step(detail));
    api.addEventListener("aldar.notice", ({ detail }) => boards.noticed(detail));
    api.addEventListener("executed", ({ detail }) => exported(detail.prompt_id, detail.output));
    api.addEventListener("status", queueChanged);
    await readHistory();
  },
});
