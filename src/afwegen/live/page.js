// Keeps the page as the session is: the server says that something came, and the page is asked for again. Without it
// the page is whole all the same, and shows what is new when it is loaded anew.
"use strict";

const PLACES = ["steps", "step", "now"]; // what is put in place anew; the log of entries only grows
const MOST = 12; // entries that stay in the log
const LONG = 5; // entries told at once; of more only the number is
const log = document.getElementById("log");
const link = document.getElementById("link");

function connected(yes) {
  link.textContent = yes ? link.dataset.on : link.dataset.off;
  link.classList.toggle("off", !yes);
}

async function renew() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const held = document.activeElement && document.activeElement.id;
  for (const place of PLACES) {
    const old = document.getElementById(place);
    const young = fresh.getElementById(place);
    if (old.innerHTML === young.innerHTML) continue;
    const open = [...old.querySelectorAll("details")].map((more) => more.open);
    old.replaceChildren(...young.childNodes);
    old.querySelectorAll("details").forEach((more, number) => (more.open = open[number] ?? more.open));
  }
  document.title = fresh.title;
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
}

// One renewal at a time, and one more after it if something came meanwhile.
let busy = null;
let again = false;
function renewed() {
  if (busy) {
    again = true;
    return;
  }
  busy = renew()
    .catch(() => connected(false))
    .finally(() => {
      busy = null;
      if (again) {
        again = false;
        renewed();
      }
    });
}

function tell(said) {
  const told = said.length > LONG ? [log.dataset.many.replace("{n}", said.length)] : said;
  for (const words of told) {
    const entry = document.createElement("p");
    entry.textContent = words; // never as HTML: people wrote it
    log.prepend(entry);
  }
  while (log.childElementCount > MOST) log.lastElementChild.remove();
}

const source = new EventSource(`/events?after=${document.body.dataset.records}`);
source.addEventListener("open", () => connected(true));
source.addEventListener("error", () => connected(false));
source.addEventListener("records", (message) => {
  tell(JSON.parse(message.data));
  renewed();
});
source.addEventListener("anew", () => location.reload());

addEventListener("keydown", (pressed) => {
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey || pressed.shiftKey) return;
  const way = { ArrowLeft: "prev", ArrowRight: "next", Escape: "index" }[pressed.key];
  const goal = way && document.querySelector(`a[rel="${way}"]`);
  if (goal) goal.click();
});
