// A click on a mark or title (a link to #yb-...) is handed to the page through a button nobody sees.
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest('a[href*="#yb-"]');
  const button = document.querySelector("#yb-open");
  if (!link || !button) return;
  event.preventDefault();
  event.stopPropagation();
  window.ybTarget = link.getAttribute("href").split("#")[1];
  button.click();
}, true);

// When an article opens, its marked sentence comes into view.
new MutationObserver(() => {
  const mark = document.querySelector("#yb-panel mark.yb-focus:not([data-seen])");
  if (!mark) return;
  mark.setAttribute("data-seen", "1");
  mark.scrollIntoView({ block: "center" });
}).observe(document.documentElement, { childList: true, subtree: true });

document.documentElement.lang = "zh-CN";
