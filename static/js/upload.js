/* A file of evidence on its way: dropped or chosen, its hash computed here, sent with a progress bar, and
   compared with the hash that the server computed. Without a script the form sends it all the same. */

(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const panel = form.querySelector("[data-upload-panel]");
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const part = (name) => panel.querySelector(`[data-upload-${name}]`);
  const say = panel.dataset;
  const limit = Number(say.limit);
  let request = null;
  let here = "";
  panel.hidden = false;

  function show(name, shown) { part(name).hidden = !shown; }

  function sized(bytes) {
    const units = ["B", "KB", "MB", "GB"];
    let power = 0;
    for (let rest = bytes; rest >= 1024 && power < 3; rest /= 1024) power += 1;
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    return `${number.format(bytes / 1024 ** power)} ${units[power]}`;
  }

  function fault(sentences) {
    const list = part("faults");
    list.replaceChildren(...sentences.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    }));
    list.hidden = sentences.length === 0;
  }

  function wrong(file) {
    if (file.size === 0) return say.empty;
    return file.size > limit ? say.tooLarge : "";
  }

  async function hashOf(file) {
    if (!globalThis.crypto?.subtle) return "";
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function chosen() {
    const file = input.files[0];
    here = "";
    show("chosen", Boolean(file));
    show("there-row", false);
    part("said").textContent = "";
    fault([]);
    if (!file) return;
    part("name").textContent = file.name;
    part("size").textContent = sized(file.size);
    part("here").textContent = "…";
    const sentence = wrong(file);
    if (sentence) fault([sentence]);
    let computed = "";
    try {
      computed = sentence ? "" : await hashOf(file);
    } catch { /* the file cannot be read: the server will say so */ }
    if (input.files[0] !== file) return;
    here = computed;
    part("here").textContent = here || "–";
  }

  function running(on) {
    show("running", on);
    button.disabled = on;
    input.disabled = on;
  }

  function progress(event) {
    if (!event.lengthComputable) return;
    const percent = Math.floor((event.loaded * 100) / event.total);
    part("progress").value = percent;
    part("percent").textContent = `${percent} %`;
    part("said").textContent = percent < 100 ? say.sending : say.checking;
  }

  function answered() {
    let answer = null;
    try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
    if (answer?.sha256) return kept(answer);
    if (answer?.sentences) {
      form.elements.seen.value = answer.seen;
      return fault(answer.sentences);
    }
    const unknown = request.status < 400 || request.status === 401 || request.status === 403;
    return fault([unknown ? say.signedOut : say.refused]);
  }

  function kept(answer) {
    part("there").textContent = answer.sha256;
    part("task").href = answer.address;
    show("there-row", true);
    show("after", true);
    const sentence = here ? (here === answer.sha256 ? say.same : say.differs) : say.kept;
    if (here && here !== answer.sha256) fault([sentence]);
    else part("said").textContent = sentence;
    show("drop", false);
    [...form.children].forEach((child) => { child.hidden = child !== panel; });
    part("after").querySelector("a").focus();
    listed();
  }

  // What is recorded already now has this file too; a list that cannot be read anew is not shown.
  async function listed() {
    const list = document.querySelector("[data-upload-list]");
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.querySelector("[data-upload-list]").childNodes);
    } catch {
      list.hidden = true;
    }
  }

  function ended(event) {
    running(false);
    part("said").textContent = "";
    if (event.type === "load") answered();
    else fault([event.type === "abort" ? say.cancelled : say.lost]);
    request = null;
  }

  form.addEventListener("submit", (event) => {
    const file = input.files[0];
    if (!file) return; // the server says what is missing
    event.preventDefault();
    event.stopPropagation(); // the form is not sent: it may be sent again
    if (request) return;
    const sentence = wrong(file);
    fault(sentence ? [sentence] : []);
    if (sentence) return;
    const content = new FormData(form);
    request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.setRequestHeader("Accept", "application/json");
    // Who signed in again in another tab has another token than this page was made with.
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (token) {
      content.delete("csrfmiddlewaretoken");
      request.setRequestHeader("X-CSRFToken", token);
    }
    request.upload.addEventListener("progress", progress);
    ["load", "error", "abort", "timeout"].forEach((name) => request.addEventListener(name, ended));
    part("progress").value = 0;
    part("percent").textContent = "";
    running(true);
    request.send(content);
  });

  part("cancel").addEventListener("click", () => request?.abort());
  input.addEventListener("change", chosen);

  const drop = part("drop");
  ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  }));
  ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("over")));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    if (request || event.dataTransfer.files.length === 0) return;
    const several = event.dataTransfer.files.length > 1;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    await chosen();
    if (several) part("said").textContent = say.many;
  });
  // A file dropped beside the field would otherwise replace the page, and what was typed.
  ["dragover", "drop"].forEach((name) => window.addEventListener(name, (event) => event.preventDefault()));
  if (input.files.length) chosen(); // kept by the browser when it came back to this page
})();
