/* What the portal does more conveniently with a script; every page works without. */

// A form that was sent is not sent again by a second click. Seen before anybody else sees it, so
// that htmx does not queue the second click either.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "yes";
  // Only after the browser has read the button's own value, and others have had their say.
  setTimeout(() => {
    const ours = event.defaultPrevented && !form.closest("[hx-post], [data-hx-post], [hx-boost=true]");
    if (ours) release(form);
    else buttonsOf(form).forEach((button) => { button.disabled = true; });
  }, 0);
}, true);

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

function release(form) {
  delete form.dataset.sent;
  buttonsOf(form).forEach((button) => { button.disabled = false; });
}

// Answered in place, or refused: the form may be sent again.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest && event.target.closest("form");
  if (form && form.dataset.sent) release(form);
});

// Back from the cache of the browser, too.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

// On a telephone the bar of the main pages starts at the one that is open.
const opened = document.querySelector(".ways [aria-current]");
if (opened) {
  const bar = opened.parentElement;
  const before = opened.previousElementSibling; // the open one itself sticks to an edge
  const start = before ? before.offsetLeft + before.offsetWidth - bar.offsetLeft : 0;
  bar.scrollLeft = start - (bar.clientWidth - opened.offsetWidth) / 2;
}

/* Rows fetched alone give the page another address: what was drawn with the old one follows it. */
const OF_THE_DAY = ["as_of", "known_at"];

document.addEventListener("htmx:pushedIntoHistory", () => {
  const asked = new URLSearchParams(location.search);
  document.querySelectorAll(".languages [name=next]").forEach((field) => {
    field.value = location.pathname + location.search;
  });
  [...OF_THE_DAY, "page"].forEach((name) => asked.delete(name));
  document.querySelectorAll('.viewpoint a[href^="?"]').forEach((link) => {
    const own = new URLSearchParams(link.getAttribute("href"));
    const days = OF_THE_DAY.filter((name) => own.has(name)).map((name) => [name, own.get(name)]);
    link.setAttribute("href", `?${new URLSearchParams([...asked, ...days])}`);
  });
  document.querySelectorAll(".viewpoint-form").forEach((form) => {
    form.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
    form.prepend(...[...asked].map(([name, value]) => hidden(name, value)));
  });
});

function hidden(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  return field;
}

// Who followed a link by the keyboard into rows that have it no longer goes on at the head of them.
let followed = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  followed = event.detail.target.contains(document.activeElement);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!followed || document.activeElement !== document.body) return;
  event.detail.target.querySelector("[data-after-swap]")?.focus({ preventScroll: true });
});

/* Keys: ? helps, / searches, g and a letter goes to a page, j and k move through rows. Never while
   somebody types, never with Ctrl, Alt or Meta; the help page turns them off. */
const keys = {
  waiting: 0, // until when a letter after g counts

  on() {
    try {
      return localStorage.getItem("portal-keys") !== "off";
    } catch {
      return true;
    }
  },

  typing(target) {
    return target.isContentEditable || Boolean(target.closest && target.closest("input, textarea, select"));
  },

  go(letter) {
    const way = document.querySelector(`.ways a[data-key="${CSS.escape(letter)}"]`);
    if (way) way.click();
    return Boolean(way);
  },

  rows() {
    const found = document.querySelectorAll("main tbody tr, main .rows > li");
    const links = [...found].map((row) => row.querySelector("a[href]"));
    return links.filter((link) => link && link.offsetParent);
  },

  // The link of the next row has the focus: Enter opens it without our doing.
  move(step) {
    const links = keys.rows();
    if (!links.length) return false;
    const row = document.activeElement.closest("tr, li");
    const here = links.findIndex((link) => row && row.contains(link));
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    const link = links[Math.min(Math.max(next, 0), links.length - 1)];
    link.focus();
    link.scrollIntoView({ block: "nearest" });
    return true;
  },

  find() {
    const field = document.getElementById("find");
    if (field) field.focus();
    return Boolean(field);
  },

  // The part of the help page about keys, over this page; Escape closes it.
  async help() {
    const link = document.querySelector('.head-tools a[href$="/help/"]');
    const open = document.querySelector("dialog.keys");
    if (open) return open.close();
    if (document.getElementById("keys")) return document.getElementById("keys").scrollIntoView();
    if (!link) return undefined;
    try {
      const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.getElementById("keys");
      if (!answer.ok || !part) throw new Error("no such part");
      return keys.show(part, page.querySelector("link[data-keys]"));
    } catch {
      location.assign(`${link.href}#keys`);
      return undefined;
    }
  },

  show(part, style) {
    if (style && !document.querySelector("link[data-keys]")) document.head.append(style);
    const dialog = document.createElement("dialog");
    dialog.className = "keys";
    dialog.setAttribute("aria-labelledby", "keys-title");
    part.querySelectorAll("[data-not-in-dialog]").forEach((element) => element.remove());
    dialog.append(...part.childNodes);
    const close = dialog.querySelector("[data-close]");
    if (close) {
      close.hidden = false;
      close.addEventListener("click", () => dialog.close());
    }
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  },

  pressed(key) {
    if (key === "?") return keys.help() !== null;
    if (document.querySelector("dialog[open]")) return false;
    if (keys.waiting > Date.now()) {
      keys.waiting = 0;
      return keys.go(key);
    }
    if (key === "g") {
      keys.waiting = Date.now() + 1500;
      return true;
    }
    if (key === "/") return keys.find();
    if (key === "j" || key === "k") return keys.move(key === "j" ? 1 : -1);
    return false;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat && event.key === "g") return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
  if (keys.typing(event.target) || !keys.on()) return;
  if (keys.pressed(event.key)) event.preventDefault();
});

// The switch on the help page.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("keys-on");
  if (!box) return;
  box.closest("[hidden]").hidden = false;
  box.checked = keys.on();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem("portal-keys", box.checked ? "on" : "off");
    } catch {
      box.checked = true; // this browser keeps nothing
    }
  });
});
