"use strict";
// All text of events reaches the page as text, by textContent and append(); none of it is ever parsed.
const data = JSON.parse(document.getElementById("data").textContent);
const OUTCOMES = ["unknown", "success", "failure", "denied", "unknown"];
const ACTIONS = ["", "connect", "disconnect"];
const PAGE = 200;
const [ID, TIME, ACTION, DRIVE, REMOTE, USER, PROGRAM, RESULT, OUTCOME, PID, RULE] = Array(11).keys();
const COLUMNS = [
  { title: "Time", at: TIME, kind: "time" },
  { title: "User", at: USER, names: data.names.user },
  { title: "Action", at: ACTION, names: ACTIONS },
  { title: "Drive", at: DRIVE, names: data.names.drive },
  { title: "Remote", at: REMOTE, names: data.names.remote },
  { title: "Result", at: RESULT, names: data.names.result },
  { title: "Rules", at: RULE, names: data.names.rule },
  { title: "Program", at: PROGRAM, names: data.names.program },
  { title: "PID", at: PID, kind: "number" },
];
const byId = (id) => document.getElementById(id);
const count = (number) => number.toLocaleString("en-US");

function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function makeSvg(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

// Seconds of local time, as the machine had it that made the report.
function timeText(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

function showHead() {
  byId("title").textContent = data.title;
  // Names from right to left stay within their own bounds.
  const name = (text) => make("bdi", {}, text);
  const filters = data.filters.flatMap((text, index) => [index === 0 ? "; only " : ", ", name(text)]);
  byId("about").append(`Network connections recorded by MapTrail ${data.version} on `, name(data.host),
      `, as of ${timeText(data.made)}`, ...filters, `. Times are that machine's local time (now ${data.zone}).`);
  const sums = data.totals;
  const shown = [["Operations", sums.total, ""], ["Succeeded", sums.success, "success"],
                 ["Failed", sums.failure, "failure"], ["Denied", sums.denied, "denied"],
                 ["Result unknown", sums.unknown, "unknown"]];
  for (const [title, number, look] of shown) {
    byId("sums").append(make("div", {}, make("dt", {}, title), make("dd", { class: number === 0 ? "" : look }, count(number))));
  }
  if (sums.losses !== 0) {
    byId("sums").after(make("p", { class: "warn" },
        `The history is not whole: ${count(sums.lost)} notifications are known to be lost (maptrail history --action loss).`));
  }
}

function showTimeline() {
  const { hours, from, bars } = data.timeline;
  const place = byId("timeline");
  if (bars.length === 0) {
    place.append(make("p", { class: "quiet" }, "Nothing was recorded."));
    return;
  }
  const width = 1000, height = 220, left = 50, bottom = 30, top = 10;
  const most = Math.max(1, ...bars.map((bar) => bar.reduce((a, b) => a + b)));
  const step = (width - left) / bars.length;
  const unit = hours === 1 ? "hour" : hours === 24 ? "day" : `${hours / 24} days`;
  const svg = makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label":
      `Operations by ${unit}, from ${timeText(from)}; ${count(most)} at most` });
  const scale = (height - top - bottom) / most;
  bars.forEach((bar, index) => {
    let y = height - bottom;
    const group = makeSvg("g", {});
    group.append(makeSvg("title", {}, `${timeText(from + index * hours * 3600)}, ${unit}: ${count(bar[0])} succeeded, ` +
        `${count(bar[1])} failed, ${count(bar[2])} denied, ${count(bar[3])} unknown`));
    ["success", "failure", "denied", "unknown"].forEach((look, part) => {
      const size = bar[part] * scale;
      if (size > 0) {
        y -= size;
        group.append(makeSvg("rect", { class: look, x: left + index * step + step * 0.1, y, width: step * 0.8, height: size }));
      }
    });
    svg.append(group);
  });
  svg.append(makeSvg("line", { class: "axis", x1: left, x2: width, y1: height - bottom, y2: height - bottom }));
  svg.append(makeSvg("text", { x: left - 6, y: top + 8, "text-anchor": "end" }, count(most)));
  svg.append(makeSvg("text", { x: left - 6, y: height - bottom, "text-anchor": "end" }, "0"));
  const labels = Math.min(6, bars.length);
  for (let i = 0; i < labels; i++) {
    const index = labels === 1 ? 0 : Math.round(i * (bars.length - 1) / (labels - 1));
    svg.append(makeSvg("text", { x: left + (index + 0.5) * step, y: height - 8,
                                 "text-anchor": i === 0 ? "start" : i === labels - 1 ? "end" : "middle" },
                       timeText(from + index * hours * 3600).slice(0, hours === 1 ? 16 : 10)));
  }
  place.append(svg);
  const legend = make("ul", { class: "legend" });
  for (const [look, text] of [["success", "succeeded"], ["failure", "failed"], ["denied", "denied"], ["unknown", "unknown"]]) {
    legend.append(make("li", {}, make("span", { class: look }), text));
  }
  legend.append(make("li", {}, `One bar: ${unit}`));
  place.append(legend);
}

// A name that filters the list below when it is chosen; a text in brackets stands for there being none.
function nameButton(name, word) {
  if (name === "" || /^\(.*\)$/.test(name)) {
    return make("span", { class: "quiet" }, name === "" ? "(none)" : name);
  }
  const button = make("button", { type: "button", class: "plain", dir: "auto" }, name);
  button.addEventListener("click", () => {
    byId("filters").reset();
    byId("text").value = word;
    filter();
    byId("list-title").scrollIntoView();
    byId("text").focus();
  });
  return button;
}

function showRanking(id, rows, none) {
  const place = byId(id);
  if (rows.length === 0) {
    place.append(make("p", { class: "quiet" }, none));
    return;
  }
  const most = rows[0][1];
  const table = make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Name"),
      make("th", { scope: "col", class: "number" }, "All"), make("th", { scope: "col", class: "number" }, "Failed"),
      make("th", { scope: "col", class: "number" }, "Denied"))));
  const body = make("tbody");
  table.append(body);
  let next = 0;
  const more = make("button", { type: "button", class: "more" }, "");
  const extend = () => {
    for (const end = Math.min(rows.length, next + 10); next < end; next++) {
      const [name, all, failed, denied] = rows[next];
      const first = make("td", { class: "name bar" }, nameButton(name, name));
      first.style.setProperty("--part", `${100 * all / most}%`);
      body.append(make("tr", {}, first, make("td", { class: "number" }, count(all)),
          make("td", { class: "number failure" }, failed === 0 ? "" : count(failed)),
          make("td", { class: "number denied" }, denied === 0 ? "" : count(denied))));
    }
    more.hidden = next >= rows.length;
    more.textContent = `${count(rows.length - next)} more`;
  };
  more.addEventListener("click", extend);
  extend();
  place.append(table, make("p", {}, more));
}

function showFailures() {
  if (data.failures.length === 0) {
    byId("failures").append(make("p", { class: "quiet" }, "Nothing failed."));
    return;
  }
  const body = make("tbody");
  for (const [code, name, times, meaning, remedy] of data.failures) {
    const title = name === "" ? `error ${code}` : `${name} ${code}`;
    body.append(make("tr", {}, make("td", { class: "number" }, count(times)),
        make("td", { class: "name" }, nameButton(title, title)),
        make("td", {}, meaning, remedy === "" ? "" : make("div", { class: "quiet" }, remedy))));
  }
  byId("failures").append(make("table", {}, make("thead", {}, make("tr", {},
      make("th", { scope: "col", class: "number" }, "Times"), make("th", { scope: "col" }, "Error"),
      make("th", { scope: "col" }, "What it means, and what usually helps"))), body));
}

function cells(row, columns) {
  return columns.map((column) => {
    if (column.kind === "time") {
      return make("td", { class: "time" }, timeText(row[TIME]));
    }
    if (column.kind === "number") {
      return make("td", { class: "number" }, String(row[column.at]));
    }
    const look = column.at === RESULT ? " " + OUTCOMES[row[OUTCOME]] : "";
    return make("td", { class: "name" + look, dir: "auto" }, column.names[row[column.at]]);
  });
}

function showDenials() {
  const denied = data.rows.filter((row) => row[OUTCOME] === 3);
  const place = byId("denials");
  if (denied.length === 0) {
    place.append(make("p", { class: "quiet" }, "Nothing was denied."));
    return;
  }
  const columns = [TIME, USER, DRIVE, REMOTE, RULE, PROGRAM].map((at) => COLUMNS.find((column) => column.at === at));
  const head = make("tr", {}, ...columns.map((column) => make("th", { scope: "col" }, column.title)));
  place.append(make("div", { class: "wide" }, make("table", {}, make("thead", {}, head),
      make("tbody", {}, ...denied.slice(0, 20).map((row) => make("tr", {}, ...cells(row, columns)))))));
  if (denied.length > 20) {
    place.append(make("p", { class: "quiet" },
        `These are the newest 20 of ${count(denied.length)}; the list below has all of them: result "denied".`));
  }
}

let found = data.rows;
let shown = 0;
let sorted = { column: COLUMNS[0], up: false }; // as they come

function showMore() {
  const body = byId("list").tBodies[0];
  const rows = found.slice(shown, shown + PAGE);
  body.append(...rows.map((row) => make("tr", { "data-id": row[ID] }, ...cells(row, COLUMNS))));
  shown += rows.length;
  byId("more").hidden = shown >= found.length;
  const left = data.totals.total - data.totals.listed;
  byId("shown").textContent = `${count(shown)} of ${count(found.length)} shown` +
      (found.length === data.rows.length ? "" : `; ${count(data.rows.length)} are in the list`) +
      (left === 0 ? "" : `. The ${count(left)} oldest are counted above and not listed`);
}

function showFound() {
  byId("list").tBodies[0].replaceChildren();
  shown = 0;
  showMore();
}

// Windows takes both for the same: what went to //server/share is of that server too.
const searched = (text) => text.toLowerCase().replaceAll("/", "\\");

// Each word has to be in one of the row's texts. Names are searched once, not in each row that has them.
function filter() {
  const words = searched(byId("text").value).split(/\s+/).filter((word) => word !== "");
  const outcome = byId("outcome").value;
  const action = byId("action").value;
  const named = COLUMNS.filter((column) => column.names);
  const tests = words.map((word) => {
    const hits = named.map((column) => column.names.map((name) => searched(name).includes(word)));
    const mayBeTime = /^[-0-9:]+$/.test(word);
    return (row) => named.some((column, index) => hits[index][row[column.at]]) || String(row[PID]) === word ||
        (mayBeTime && timeText(row[TIME]).includes(word));
  });
  found = data.rows.filter((row) => (outcome === "" || row[OUTCOME] === Number(outcome)) &&
      (action === "" || row[ACTION] === Number(action)) && tests.every((test) => test(row)));
  sortFound();
  showFound();
}

function sortFound() {
  const { column, up } = sorted;
  let rank = (row) => row[column.at];
  if (column.names) {
    const collator = new Intl.Collator("en", { numeric: true });
    const order = column.names.map((name, index) => index).sort((a, b) => collator.compare(column.names[a], column.names[b]));
    const ranks = [];
    order.forEach((index, place) => { ranks[index] = place; });
    rank = (row) => ranks[row[column.at]];
  }
  const direction = up ? 1 : -1;
  found = found.slice().sort((a, b) => direction * (rank(a) - rank(b)) || b[TIME] - a[TIME] || b[ID] - a[ID]);
}

function showListHead() {
  const head = make("tr");
  for (const column of COLUMNS) {
    const button = make("button", { type: "button" }, column.title);
    const cell = make("th", { scope: "col", class: column.kind === "number" ? "number" : "" }, button);
    button.addEventListener("click", () => {
      sorted = { column, up: sorted.column === column ? !sorted.up : column.at !== TIME };
      for (const other of head.children) {
        other.removeAttribute("aria-sort");
      }
      cell.setAttribute("aria-sort", sorted.up ? "ascending" : "descending");
      sortFound();
      showFound();
    });
    head.append(cell);
  }
  head.children[0].setAttribute("aria-sort", "descending");
  byId("list").tHead.append(head);
}

showHead();
showTimeline();
showRanking("shares", data.shares, "No shares were named.");
showRanking("users", data.users, "Nobody connected anything.");
showRanking("programs", data.programs, "No program connected anything.");
showRanking("rules", data.rules, "No rule matched.");
showFailures();
showDenials();
showListHead();
showFound();
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("filters").addEventListener("reset", () => setTimeout(filter));
byId("text").addEventListener("input", filter);
byId("outcome").addEventListener("change", filter);
byId("action").addEventListener("change", filter);
byId("more").addEventListener("click", showMore);
