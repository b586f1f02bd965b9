// A click on what names a target, #yb-..., is handed to the page through a button nobody sees (see clicks.py); what
// needs no server is done here.
(() => {
  const $ = (selector, inside = document) => inside.querySelector(selector);
  const root = document.documentElement;
  const remembered = "yibao-large-print";
  let cameFrom = null; // the link that opened the panel: Escape leads back to it
  let pressed = null; // the target of the button that was clicked last: it has the focus again when drawn anew
  let questions = 0;
  let settled; // the timer that ends following
  let following = false; // keep the newest question at the top while its answer grows, until the reader moves

  function send(target, text, values) {
    window.ybClicked = JSON.stringify({ target, text: text || "", values: values || {} });
    ($(`#yb-on-${target.split("-")[1]}`) || $("#yb-on-click")).click();
  }

  function say(text) {
    const place = $("#yb-said");
    if (place) place.textContent = text;
  }

  function label(name) {
    const names = $("#yb-labels");
    return (names && names.dataset[name]) || "";
  }

  // ---- What is done without the server
  function large(on) {
    root.classList.toggle("yb-large", on);
    document.querySelectorAll('button[value="#yb-large"]').forEach((button) => button.setAttribute("aria-pressed", on));
  }

  function closePanel() {
    root.classList.remove("yb-panel-open");
    if (!cameFrom) return;
    const link = $(`#yb-chat a[href="${cameFrom}"]`);
    cameFrom = null;
    if (link) link.focus({ preventScroll: false });
  }

  function toggleHistory() {
    const open = root.classList.toggle("yb-history-open");
    const heading = $("#yb-history h2");
    if (open && heading) heading.focus();
    else if (!open) $('button[value="#yb-history"]').focus();
  }

  const actions = {
    large() {
      const on = !root.classList.contains("yb-large");
      localStorage.setItem(remembered, on ? "1" : "");
      large(on);
    },
    print: () => window.print(),
    history: toggleHistory,
    close: closePanel,
    cancel: (button) => button.closest("dialog").close(),
  };

  function copy(link) {
    const card = link.closest(".yb-card").cloneNode(true);
    card.querySelectorAll(".yb-actions, .yb-suggestions, .yb-more, .yb-add, .yb-x, .yb-understood a").forEach((part) => part.remove());
    document.body.append(card);
    card.style.cssText = "position: absolute; left: -9999px; white-space: normal";
    const text = card.innerText.replace(/\n{3,}/g, "\n\n").trim();
    card.remove();
    const done = () => {
      const before = link.textContent;
      link.textContent = label("copied");
      say(label("copied"));
      setTimeout(() => { link.textContent = before; }, 1600);
    };
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done);
      return;
    }
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  }

  window.ybDownload = (sent) => {
    if (!sent) return;
    const { name, text } = JSON.parse(sent);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // ---- Links and dialogs
  function named(one) {
    const name = one.getAttribute("href") || one.getAttribute("value") || "";
    return name.includes("#yb-") ? name.slice(name.indexOf("#yb-") + 1) : ""; // what follows may hold more of them
  }

  function follow(link) {
    const target = named(link);
    const parts = target.split("-");
    const dialog = document.getElementById(`yb-dialog-${parts[2]}`) || document.getElementById(`yb-dialog-${parts[1]}`);
    if (/^yb-\d+-copy$/.test(target)) return copy(link);
    if (parts[1] in actions) return actions[parts[1]](link);
    if (dialog) {
      const fields = $(".yb-fields", dialog);
      if (fields) fields.innerHTML = $(".yb-offered").innerHTML;
      dialog.querySelector("form").reset();
      dialog.dataset.target = target;
      const title = dialog.querySelector("input[name=title]");
      if (title) title.value = link.dataset.title || "";
      return dialog.showModal();
    }
    if (/^yb-\d+-p?\d+$/.test(target)) {
      if (link.closest("#yb-chat")) cameFrom = link.getAttribute("href");
      root.classList.add("yb-panel-open");
    } else {
      root.classList.remove("yb-history-open");
    }
    return send(target, link.textContent);
  }

  document.addEventListener("click", (event) => {
    const at = event.target.closest ? event.target : event.target.parentElement;
    const link = at && at.closest('a[href*="#yb-"], button[value^="#yb-"]');
    if (link) {
      event.preventDefault();
      event.stopPropagation();
      pressed = link.tagName === "BUTTON" ? named(link) : null;
      follow(link);
    } else if (at && at.closest("#yb-new")) {
      root.classList.remove("yb-history-open");
    }
  }, true);

  document.addEventListener("submit", (event) => {
    const dialog = event.target.closest("dialog");
    if (!dialog) return;
    const values = Object.fromEntries(new FormData(event.target));
    send(dialog.dataset.target, "", values);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("dialog[open]")) return;
    if (root.classList.contains("yb-history-open")) toggleHistory();
    else closePanel();
  });

  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(name, (event) => {
      if (event.target.closest && event.target.closest("#yb-chat")) following = false;
    }, { capture: true, passive: true });
  }

  document.addEventListener("focusin", (event) => {
    if (named(event.target) !== pressed) pressed = null;
  });

  // ---- What appears is brought into view and gets Chinese names
  function keepFocus() {
    if (!pressed || document.activeElement !== document.body) return;
    const again = [...document.querySelectorAll('button[value^="#yb-"]')].find((button) => named(button) === pressed);
    if (again) again.focus({ preventScroll: true });
  }

  function bringIntoView() {
    const mark = $("#yb-panel mark.yb-focus:not([data-seen])");
    const panel = $("#yb-panel .yb-panel:not([data-seen])");
    if (panel) {
      panel.dataset.seen = "1";
      panel.scrollTop = 0;
      const heading = $(".yb-panel-title", panel);
      if (cameFrom && heading) heading.focus({ preventScroll: true });
    }
    if (mark) {
      mark.dataset.seen = "1";
      mark.scrollIntoView({ block: "center" });
    }
    const asked = document.querySelectorAll("#yb-chat .yb-question");
    if (asked.length > questions) {
      following = true;
      clearTimeout(settled);
    }
    questions = asked.length;
    const last = asked[questions - 1];
    const log = last && last.closest("[role=log]");
    if (log && following) {
      log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
      const cards = log.querySelectorAll(".bot.message");
      const whole = cards.length >= questions && $(".yb-actions", cards[cards.length - 1]);
      clearTimeout(settled);
      if (whole) settled = setTimeout(() => { following = false; }, 1000); // related questions may still come
    }
  }

  function rename() {
    const log = $("#yb-chat [role=log]");
    if (log && label("log") && log.getAttribute("aria-label") !== label("log")) log.setAttribute("aria-label", label("log"));
    document.querySelectorAll('#yb-chat [data-testid="user"], #yb-chat [data-testid="bot"]').forEach((message) => {
      const name = label(message.dataset.testid === "user" ? "user" : "assistant");
      if (message.getAttribute("aria-label") === name) return;
      message.setAttribute("role", "group");
      message.setAttribute("aria-label", name);
    });
    const placeholder = $("#yb-chat [role=complementary]");
    if (placeholder) placeholder.removeAttribute("role");
    const box = $("#yb-question textarea");
    if (box && !box.getAttribute("aria-label")) box.setAttribute("aria-label", label("question"));
  }

  function fit() {
    const main = $("#yb-main");
    const above = main && `${Math.round(main.getBoundingClientRect().top + window.scrollY)}px`;
    if (above && root.style.getPropertyValue("--yb-above") !== above) root.style.setProperty("--yb-above", above);
  }
  window.addEventListener("resize", fit);

  new MutationObserver(() => {
    fit();
    bringIntoView();
    rename();
    keepFocus();
    const on = root.classList.contains("yb-large");
    const button = $('button[value="#yb-large"]');
    if (button && button.getAttribute("aria-pressed") !== String(on)) button.setAttribute("aria-pressed", on);
  }).observe(root, { childList: true, subtree: true });

  large(localStorage.getItem(remembered) === "1");
  root.lang = "zh-CN";
})();
