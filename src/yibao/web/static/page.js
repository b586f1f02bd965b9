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

// When an article opens, its marked sentence comes into view; when an answer comes, its question does.
new MutationObserver(() => {
  const marks = document.querySelectorAll("#yb-panel mark.yb-focus:not([data-seen])");
  if (marks.length) {
    marks.forEach((mark) => mark.setAttribute("data-seen", "1"));
    marks[0].scrollIntoView({ block: "center" });
  }
  const cards = document.querySelectorAll("#yb-chat .yb-card:not([data-seen])");
  if (cards.length) {
    cards.forEach((card) => card.setAttribute("data-seen", "1"));
    const questions = document.querySelectorAll("#yb-chat .yb-question");
    const question = questions[questions.length - 1];
    const log = question && question.closest(".bubble-wrap, [role=log]");
    if (log) log.scrollTop += question.getBoundingClientRect().top - log.getBoundingClientRect().top - 24;
  }
}).observe(document.documentElement, { childList: true, subtree: true });

document.documentElement.lang = "zh-CN";
