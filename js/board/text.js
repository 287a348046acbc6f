/** The words of the board tab, in the languages of the pack that the frontend offers. */

const EN = {
  tooltip: "Aldar storyboard",
  empty: "No storyboard yet. Queue a storyboard workflow: its frames appear here one by one.",
  running: (done, all) => `${done} of ${all} frames done`,
  finished: (all, kept) => (kept ? `${all} frames, ${kept} to look at` : `${all} frames, all accepted`),
  stopped: (done, all) => `Stopped after ${done} of ${all} frames. Queue again to go on.`,
  frame: (number) => `Frame ${number}`,
  take: (attempt) => `take\u00a0${attempt + 1}`,
  score: (value, name) => `${name ?? "score"}\u00a0${value}`,
  locked: "locked",
  stale: "stale: its shot has changed",
  files: "Files",
  open: "opens in a new tab",
  root: "output folder",
  states: {
    waiting: "waiting",
    rendering: "rendering",
    rejected: "rejected",
    accepted: "accepted",
    kept: "best of tries",
    stored: "from store",
    settled: "done",
  },
  names: {
    "contact_sheet.png": "Contact sheet",
    "report.md": "Report",
    "report.json": "Report (JSON)",
    "scene_breakdown.json": "Shot breakdown",
    "sdxl_prompts.json": "Prompts",
    "workflow.json": "Workflow",
    "workflow_api.json": "Workflow (API)",
  },
};

const RU_SCORES = {
  identity: "сходство",
  face: "лицо",
  "drawn face": "нарисованное лицо",
  costume: "одежда",
  heads: "число людей",
  copy: "копия",
  anomaly: "брак",
  duplicate: "повтор",
};

const RU = {
  tooltip: "Раскадровка Aldar",
  empty: "Раскадровки пока нет. Запустите рабочий процесс раскадровки: кадры появятся здесь один за другим.",
  running: (done, all) => `Готово кадров: ${done} из ${all}`,
  finished: (all, kept) =>
    kept ? `Кадров: ${all}, проверить: ${kept}` : `Кадров: ${all}, все приняты`,
  stopped: (done, all) =>
    `Остановлено, готово кадров: ${done} из ${all}. Запустите снова, чтобы продолжить.`,
  frame: (number) => `Кадр ${number}`,
  take: (attempt) => `дубль\u00a0${attempt + 1}`,
  score: (value, name) => `${RU_SCORES[name] ?? name ?? "оценка"}\u00a0${value}`,
  locked: "закреплён",
  stale: "устарел: план изменён",
  files: "Файлы",
  open: "откроется в новой вкладке",
  root: "папка output",
  states: {
    waiting: "ожидает",
    rendering: "создаётся",
    rejected: "отклонён",
    accepted: "принят",
    kept: "лучший из дублей",
    stored: "из хранилища",
    settled: "готов",
  },
  names: {
    "contact_sheet.png": "Контактный лист",
    "report.md": "Отчёт",
    "report.json": "Отчёт (JSON)",
    "scene_breakdown.json": "Список кадров",
    "sdxl_prompts.json": "Промпты",
    "workflow.json": "Рабочий процесс",
    "workflow_api.json": "Рабочий процесс (API)",
  },
};

/** @param {string} locale as in the setting `Comfy.Locale` */
export function texts(locale) {
  return locale?.startsWith("ru") ? RU : EN;
}
