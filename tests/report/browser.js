// browser.js NODE_MODULES PAGE SCREENSHOTS SECONDS OPERATIONS: opens a report of so many of maptrail-bench-history's
// operations in a headless browser, in so many seconds at most, and uses it as a person would. Leaves screenshots, light,
// dark and printed, in the folder SCREENSHOTS.
"use strict";
const path = require("path");
const { pathToFileURL } = require("url");
const [modules, page, screenshots, patience, operations] = process.argv.slice(2);
const puppeteer = require(path.resolve(modules, "puppeteer-core"));

let failures = 0;
function check(what, holds, found) {
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${found === undefined ? "" : `: ${found}`}`);
  failures += holds ? 0 : 1;
}

const listed = (tab) => tab.$$eval("#list tbody tr", (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
const status = (tab) => tab.$eval("#shown", (place) => place.textContent);
const number = (text) => Number(text.replaceAll(",", ""));

async function look(tab, scheme) {
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await tab.screenshot({ path: path.join(screenshots, `${scheme}.png`) });
  return tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

async function run(tab) {
  const requests = [];
  const errors = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("pageerror", (error) => errors.push(error.message));
  tab.on("console", (message) => { if (message.type() === "error") { errors.push(message.text()); } });

  const begin = performance.now();
  await tab.goto(pathToFileURL(path.resolve(page)).href);
  await tab.waitForSelector("#list tbody tr");
  const seconds = (performance.now() - begin) / 1000;
  check(`it opens in less than ${patience} seconds`, seconds < Number(patience), `${seconds.toFixed(2)} s`);

  const all = number((await status(tab)).match(/of ([\d,]+) shown/)[1]);
  check("all operations are in the list", all === Number(operations), all);
  check("a page of them is shown", (await listed(tab)).length === 200);
  const bars = await tab.$$eval("#timeline rect", (rects) => rects.length);
  check("the timeline has bars", bars > 10, bars);
  check("shares, users, programs, rules and failures are ranked",
      (await tab.$$eval("#shares tr, #users tr, #programs tr, #rules tr, #failures tr", (rows) => rows.length)) > 40);

  await tab.type("#text", "SCRIPT document.title");
  const evil = await listed(tab);
  check("a name with markup is found and shows as text",
      evil.length > 0 && evil.every((row) => row[4].includes("<script>document.title='hacked'</script>") || row[4] === ""),
      evil.length > 0 ? evil[0][4] : "none");
  check("and did nothing", (await tab.title()) === "Network connections");
  await tab.click("button[type=reset]");
  await tab.waitForFunction(() => !document.getElementById("shown").textContent.includes("in the list"));

  await tab.type("#text", "user1");
  const before = number((await status(tab)).match(/of ([\d,]+) shown/)[1]);
  const users = await listed(tab);
  check("words filter", before > 0 && before < all && users.every((row) => row.join(" ").includes("user1")), before);
  await tab.select("#outcome", "3");
  const denied = await listed(tab);
  check("a result filters further", denied.length > 0 && denied.every((row) => row[5].includes("denied")), denied.length);
  await tab.select("#action", "2");
  check("so does an action", (await listed(tab)).every((row) => row[2] === "disconnect"));
  await tab.click("button[type=reset]");
  await tab.waitForFunction(() => !document.getElementById("shown").textContent.includes("in the list"));

  // By the keyboard alone: to the header of the column Drive, and sort by it.
  await tab.focus("#action");
  for (let i = 0; i < 5; i++) {
    await tab.keyboard.press("Tab");
  }
  const focused = await tab.evaluate(() => document.activeElement.textContent);
  check("the keyboard reaches the columns", focused === "Drive", focused);
  await tab.keyboard.press("Enter");
  const up = (await listed(tab)).map((row) => row[3]);
  check("a column sorts", up.every((drive, i) => i === 0 || up[i - 1] <= drive), up[0] === "" ? "(none)" : up[0]);
  await tab.keyboard.press("Enter");
  const down = (await listed(tab)).map((row) => row[3]);
  check("and the other way", down.every((drive, i) => i === 0 || down[i - 1] >= drive) && down[0] > "A", down[0]);
  check("which is told", (await tab.$eval("#list th:nth-child(4)", (cell) => cell.getAttribute("aria-sort"))) === "descending");
  await tab.click("#more");
  check("more can be shown", (await listed(tab)).length === 400);

  await tab.type("#text", "\u0645\u0644\u0641\u0627\u062A");
  const directions = await tab.$$eval("#list tbody tr td:nth-child(5)", (cells) => cells.map((cell) => cell.dir));
  check("Arabic names are found; each cell has its own direction", directions.length > 0 && directions.every((dir) => dir === "auto"));
  await tab.screenshot({ path: path.join(screenshots, "arabic.png") });
  await tab.click("button[type=reset]");
  await tab.waitForFunction(() => !document.getElementById("shown").textContent.includes("in the list"));

  await tab.evaluate(() => scrollTo(0, 0));
  const light = await look(tab, "light");
  const dark = await look(tab, "dark");
  check("light and dark differ", light !== dark, `${light}, ${dark}`);
  await tab.emulateMediaType("print");
  check("printed, there is nothing to click", await tab.$$eval("#filters, #more, .more, .legend button",
      (parts) => parts.every((part) => getComputedStyle(part).display === "none")));
  await tab.pdf({ path: path.join(screenshots, "printed.pdf") });

  check("nothing was asked of any network", requests.every((url) => url.startsWith("file:")), requests.length);
  check("no errors in the page", errors.length === 0, errors.join("; "));
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", headless: true,
                                           args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
  try {
    const tab = await browser.newPage();
    await tab.setViewport({ width: 1280, height: 1400 });
    await run(tab);
  } finally {
    await browser.close();
  }
  console.log(failures === 0 ? "The report works in a browser." : `${failures} checks failed.`);
  process.exit(failures === 0 ? 0 : 1);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
