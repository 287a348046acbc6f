"use strict";
const $ = (id) => document.getElementById(id);
const { shots, words } = JSON.parse($("data").textContent);
const cards = [...document.querySelectorAll(".card")];
const texts = cards.map((card) => plain(card.textContent));
const starts = [];
let total = 0;
for (const shot of shots) {
  starts.push(total);
  total += shot.seconds;
}
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const viewer = $("viewer");
let current = 0;
let time = 0; // seconds from the beginning
let ticking = 0; // of requestAnimationFrame; 0 while paused
let last = 0;
let onlyMarked = false;

function plain(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
}

function make(name, classes, text) {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  if (text !== undefined) {
    element.textContent = text;
    element.dir = "auto";
  }
  return element;
}

// The overview

function sift() {
  const wanted = plain($("search").value).trim().split(" ").filter(Boolean);
  let count = 0;
  cards.forEach((card, index) => {
    const fits = wanted.every((word) => texts[index].includes(word));
    card.hidden = !fits || (onlyMarked && !card.dataset.marks);
    if (!card.hidden) count += 1;
  });
  const all = count === cards.length;
  $("count").textContent = all ? "" : words.matches.replace("{count}", count).replace("{shots}", cards.length);
  $("none").hidden = count > 0;
}

function arrange(strip) {
  $("cards").classList.toggle("strip", strip);
  $("grid").setAttribute("aria-pressed", String(!strip));
  $("strip").setAttribute("aria-pressed", String(strip));
}

function dark() {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function recolour() {
  document.documentElement.dataset.theme = dark() ? "light" : "dark";
  try {
    localStorage.setItem("theme", document.documentElement.dataset.theme);
  } catch {
    // a browser that keeps nothing for local files
  }
}

try {
  const theme = localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch {
  // as above
}

function move(step) {
  const visible = cards.filter((card) => !card.hidden);
  const at = visible.findIndex((card) => card.contains(document.activeElement));
  const next = visible[Math.min(visible.length - 1, Math.max(0, at + step))];
  next?.querySelector(".open").focus();
  next?.scrollIntoView({ block: "nearest", inline: "nearest", behavior: calm.matches ? "auto" : "smooth" });
}

// The viewer

function show(index, keepTime = false) {
  current = Math.min(shots.length - 1, Math.max(0, index));
  if (!keepTime) time = starts[current];
  const shot = shots[current];
  const thumb = cards[current].querySelector("img");
  picture(shot.full, thumb?.src ?? "", thumb?.alt ?? "");
  $("subtitle").textContent = shot.subtitle;
  const line = cards[current].querySelector(".line").cloneNode(true);
  const told = cards[current].querySelector(".told").cloneNode(true);
  $("about").replaceChildren(line, told);
  history(shot);
  draw();
  const following = shots[current + 1];
  if (following?.full) new Image().src = following.full;
}

function picture(full, thumb, alt) {
  const image = $("picture");
  image.hidden = !thumb;
  $("lost").hidden = Boolean(thumb);
  image.alt = alt;
  image.onerror = full ? () => { image.onerror = null; image.src = thumb; } : null;
  if (full || thumb) image.src = full || thumb;
  else image.removeAttribute("src");
}

function history(shot) {
  const list = make("div", "takes");
  for (const take of shot.takes) {
    const row = make("div", "take");
    const open = make("button");
    open.type = "button";
    const label = words.take.replace("{number}", take.number);
    open.setAttribute("aria-label", label);
    open.setAttribute("aria-pressed", String(take.kept));
    if (take.thumb) {
      const image = make("img");
      image.src = take.thumb;
      image.alt = "";
      open.append(image);
      open.addEventListener("click", () => {
        pause();
        list.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", String(b === open)));
        picture(take.full, take.thumb, label);
      });
    } else {
      open.disabled = true;
    }
    const about = make("div");
    const heading = make("p", "", label);
    if (take.kept) heading.append(" · ", make("strong", "", words.kept));
    about.append(heading, make("p", `verdict ${take.verdict}`, words[take.verdict]));
    if (!take.thumb) about.append(make("p", "why", words.lost));
    const scores = make("p", "scores");
    for (const [name, value, outcome, word] of take.scores) {
      const score = make("span", outcome, `${name} `);
      score.append(make("b", "", value));
      score.title = word;
      scores.append(score);
    }
    about.append(scores);
    for (const reason of take.reasons) about.append(make("p", "why", reason));
    about.append(make("p", "seed", `${words.seed} ${take.seed}`));
    row.append(open, about);
    list.append(row);
  }
  const heading = make("h3", "", words.takes);
  $("history").replaceChildren(...(shot.takes.length ? [heading, list] : []));
}

function stamp(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const minutes = Math.floor(tenths / 600);
  return `${minutes}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
}

function draw() {
  $("clock").value = `${shots[current].label} · ${stamp(time)} / ${stamp(total)}`;
  $("seek").value = Math.round(time * 1000);
  $("seek").setAttribute("aria-valuetext", `${words.shot} ${shots[current].label}, ${stamp(time)}`);
}

function tick(now) {
  time += Math.min(1, (now - last) / 1000);
  last = now;
  if (time >= total) {
    time = total;
    pause();
    return;
  }
  const index = at(time);
  if (index !== current) show(index, true);
  draw();
  ticking = requestAnimationFrame(tick);
}

function at(seconds) {
  let index = starts.findIndex((start) => start > seconds + 1e-6);
  return (index < 0 ? shots.length : index) - 1;
}

function play() {
  open();
  if (time >= total - 1e-3) {
    time = 0;
    show(0);
  }
  last = performance.now();
  ticking = requestAnimationFrame(tick);
  running(true);
}

function pause() {
  cancelAnimationFrame(ticking);
  ticking = 0;
  running(false);
  draw();
}

function running(on) {
  viewer.classList.toggle("playing", on);
  $("run-icon").setAttribute("href", on ? "#i-pause" : "#i-play");
  $("run-word").textContent = on ? words.pause : words.play;
  $("run").title = on ? words.pause : words.play;
}

function open(index = chosen()) {
  if (viewer.open) return;
  viewer.showModal();
  show(index);
  viewer.focus();
}

function chosen() {
  const focused = cards.findIndex((card) => card.contains(document.activeElement));
  return focused < 0 ? current : focused;
}

function close() {
  if (document.fullscreenElement) document.exitFullscreen();
  if (viewer.open) viewer.close();
}

viewer.addEventListener("close", () => {
  pause();
  cards[current].hidden || cards[current].querySelector(".open").focus();
});

function wide() {
  if (!viewer.open) open();
  if (document.fullscreenElement) document.exitFullscreen();
  else viewer.requestFullscreen?.().catch(() => {});
}

// Hands

cards.forEach((card, index) => card.querySelector(".open").addEventListener("click", () => open(index)));
$("search").addEventListener("input", sift);
$("filter")?.addEventListener("click", (event) => {
  onlyMarked = !onlyMarked;
  event.currentTarget.setAttribute("aria-pressed", String(onlyMarked));
  sift();
});
$("grid").addEventListener("click", () => arrange(false));
$("strip").addEventListener("click", () => arrange(true));
$("play").addEventListener("click", play);
$("view").addEventListener("click", wide);
$("theme").addEventListener("click", recolour);
$("print").addEventListener("click", () => window.print());
$("help").addEventListener("click", () => $("keys").showModal());
$("keys-close").addEventListener("click", () => $("keys").close());
$("previous").addEventListener("click", () => show(current - 1));
$("next").addEventListener("click", () => show(current + 1));
$("run").addEventListener("click", () => (ticking ? pause() : play()));
$("close").addEventListener("click", close);
$("seek").addEventListener("input", (event) => {
  time = event.target.value / 1000;
  const index = at(time);
  if (index !== current) show(index, true);
  draw();
});

const KEYS = {
  ArrowLeft: () => (viewer.open ? show(current - 1) : move(-1)),
  ArrowRight: () => (viewer.open ? show(current + 1) : move(1)),
  Home: () => (viewer.open ? show(0) : move(-cards.length)),
  End: () => (viewer.open ? show(shots.length - 1) : move(cards.length)),
  " ": () => (ticking ? pause() : play()),
  f: wide,
  g: () => (viewer.open ? close() : arrange(!$("cards").classList.contains("strip"))),
  t: recolour,
  "/": () => { close(); $("search").focus(); },
  "?": () => ($("keys").open ? $("keys").close() : $("keys").showModal()),
};
const LETTERS = { KeyF: "f", KeyG: "g", KeyT: "t" }; // on a Cyrillic keyboard too

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input") && event.key !== "Escape") return;
  if (event.key === " " && event.target.matches("button, summary")) return;
  if ($("keys").open && event.key !== "?") return;
  const action = KEYS[LETTERS[event.code] ?? event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
$("search").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  $("search").value = "";
  sift();
  $("search").blur();
});
