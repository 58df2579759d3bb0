// Asks for the page's middle again whenever something happens at the node and once a second,
// and says in words when it can't: what is old must never look fresh.
"use strict";

const STALE_AFTER_MS = 3000;
const ASK_EVERY_MS = 1000;
const WITHIN_MS = 5000;

const main = document.getElementById("watch");
const alarm = document.createElement("p");
alarm.id = "stale";
alarm.setAttribute("role", "alert");
alarm.hidden = true;
main.before(alarm);

let shownAt = performance.now();
let reason = "";
let asking = false;
let again = false;

function say() {
  const old = performance.now() - shownAt;
  const stale = reason !== "" || old > STALE_AFTER_MS;
  document.body.classList.toggle("stale", stale);
  const text = stale
    ? `OLD, ${Math.round(old / 1000)} s: ${reason || "no answer from the console"}`
    : "";
  if (alarm.textContent !== text) alarm.textContent = text;
  alarm.hidden = !stale;
}

async function ask() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch("/watch", { signal: AbortSignal.timeout(WITHIN_MS) });
    if (answer.redirected || answer.status === 401) {
      location.assign("/login");
      return;
    }
    const text = await answer.text();
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(text, "text/html").body;
      main.replaceChildren(...fresh.childNodes);
      shownAt = performance.now();
      reason = "";
    } else {
      const refusal = JSON.parse(text);
      reason = `${refusal.what}. ${refusal.remedy}`;
    }
  } catch {
    reason = "no answer from the console. Start it with: bongsu console --config FILE";
  } finally {
    asking = false;
    say();
    if (again) {
      again = false;
      ask();
    }
  }
}

const events = new EventSource("/api/v1/stream");
for (const name of [
  "own_warning",
  "partner_warning",
  "partner_warning_opened",
  "record_recalled",
  "link_fault",
  "link_restored",
  "link_heard",
  "displays_disagree",
  "displays_agree",
  "sensor_silent",
  "sensor_heard_again",
  "clock_suspected",
  "clock_no_longer_suspected",
  "missed",
  "node_away",
  "node_back",
]) {
  events.addEventListener(name, ask);
}
setInterval(ask, ASK_EVERY_MS);
setInterval(say, 250);
