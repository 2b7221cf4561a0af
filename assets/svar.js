// "Dine svar": the answers so far, kept in the address after # as page.answer~page.answer.
// What stands after # is never sent to the server. Without this script all works.
const given = location.hash.startsWith("#s=") ? decodeURIComponent(location.hash.slice(3)).split("~") : [];
const box = document.querySelector("[data-dine-svar]");
const base = new URL(box.dataset.start, location).pathname;
const slug = location.pathname.slice(base.length).replace(/\/$/, "");
const hash = (list) => (list.length ? "#s=" + list.join("~") : "");

for (const a of document.querySelectorAll("[data-svar]")) a.href += hash([...given, slug + "." + a.dataset.svar]);

if (given.length) {
  const page = (entry) => base + entry.slice(0, entry.lastIndexOf(".")) + "/";
  const back = document.querySelector("[data-back]");
  back.href = page(given.at(-1)) + hash(given.slice(0, -1));
  back.querySelector("span").textContent = "Forrige spørgsmål";
  fetch(box.dataset.dineSvar).then((r) => r.json()).then((labels) => {
    const list = box.querySelector("dl");
    given.forEach((entry, i) => {
      const cut = entry.lastIndexOf(".");
      const [title, answers] = labels[entry.slice(0, cut)] ?? [];
      const answer = answers?.[entry.slice(cut + 1)];
      if (!answer) return;
      const row = list.appendChild(document.createElement("div"));
      row.appendChild(document.createElement("dt")).textContent = title;
      row.appendChild(document.createElement("dd")).textContent = answer;
      const act = row.appendChild(document.createElement("dd"));
      act.className = "act no-print";
      const link = act.appendChild(document.createElement("a"));
      link.href = page(entry) + hash(given.slice(0, i));
      link.textContent = "Ret";
      link.setAttribute("aria-label", "Ret svaret på: " + title);
    });
    box.hidden = !list.children.length;
  });
}
