/* Pages of databases refresh themselves: every few seconds they ask what changed, and read themselves
   anew when that is something they show. Nothing is asked while nobody looks. */

const EVERY = 15_000;
const AT_MOST = 240_000;
const LISTENED_TO = 4; // changes read out one by one

const place = document.getElementById("live");
if (place) live(place);

function live(place) {
  const { changes, many, wentSilent, awake } = place.dataset;
  const part = (name) => place.querySelector(`[data-live-${name}]`);
  const told = new Map();
  let { since } = place.dataset;
  let silent = place.dataset.silent === "yes";
  let wait = EVERY;
  let timer = 0;
  let asking = false;

  part("on").hidden = false;
  timer = setTimeout(ask, EVERY);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });

  async function ask() {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetched(`${changes}?since=${encodeURIComponent(since)}`, "application/json");
      if (answer.status === 200) await follow(await answer.json());
      else if (silent) await refresh();
      works(true);
    } catch {
      works(false);
    }
    asking = false;
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, wait);
  }

  async function follow(found) {
    const here = found.changed.filter(
      ([key, said]) => document.querySelector(`[data-connection~="${key}"]`) && told.get(key) !== said
    );
    const much = found.more || here.length > LISTENED_TO;
    const sentences = much ? [many] : here.map(([, said]) => said);
    if (found.silent !== silent) sentences.push(found.silent ? wentSilent : awake);
    if (sentences.length || found.silent) await refresh();
    // Only once the page shows it, so that what could not be read is asked for again.
    here.forEach(([key, said]) => told.set(key, said));
    since = found.cursor;
    silent = found.silent;
    if (sentences.length) part("said").textContent = sentences.join(". ");
  }

  function works(fine) {
    part("on").hidden = !fine;
    part("off").hidden = fine;
    wait = fine ? EVERY : Math.min(wait * 2, AT_MOST);
  }
}

/* An answer of the portal itself: not that of a sign-in page, nor of a fault. */
async function fetched(address, kind) {
  const answer = await fetch(address, { headers: { accept: kind }, redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  return answer;
}

/* The regions of this page as they are now; what was open and where the focus was stay so. */
async function refresh() {
  const answer = await fetched(location.href, "text/html");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelectorAll("[data-live-region]").forEach((old) => {
    const fresh = page.querySelector(`[data-live-region="${old.dataset.liveRegion}"]`);
    if (!fresh || fresh.innerHTML === old.innerHTML) return;
    keepOpen(old, fresh);
    const focused = old.contains(document.activeElement) ? pathOf(document.activeElement, old) : null;
    old.replaceWith(fresh);
    if (focused) at(fresh, focused)?.focus({ preventScroll: true });
  });
}

function keepOpen(old, fresh) {
  const later = fresh.querySelectorAll("details");
  old.querySelectorAll("details").forEach((one, n) => {
    if (later[n]) later[n].open = one.open;
  });
}

/* Which child of which child: where an element stands in its region. */
function pathOf(element, region) {
  const path = [];
  for (let one = element; one !== region; one = one.parentElement) {
    path.unshift([...one.parentElement.children].indexOf(one));
  }
  return path;
}

function at(region, path) {
  return path.reduce((one, n) => one?.children[n], region);
}
