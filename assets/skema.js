// A template filled in on the page: keeps it as a file on the visitor's own disk, and
// reads it back. Nothing is sent or stored. Without it one fills in and prints. Its words
// stand in the panel, in the language of the form.
const form = document.querySelector("[data-skema]");
const panel = document.querySelector("[data-skema-vaerktoej]");
const fields = [...form.elements].filter((e) => e.name);
const ticked = (e) => e.type === "checkbox" || e.type === "radio";
const [keep, open, paper, kept, from, wrong] = panel.dataset.skemaVaerktoej.split("|");
let changed = false;

const button = (text, act) => {
  const b = panel.appendChild(document.createElement("button"));
  b.type = "button";
  b.className = "button";
  b.textContent = text;
  b.addEventListener("click", act);
};
const status = document.createElement("p");
status.className = "small";
status.setAttribute("role", "status");

button(keep, () => {
  const answers = {};
  for (const e of fields) {
    if (ticked(e) ? e.checked : e.value) (answers[e.name] ??= []).push(e.value);
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify({ skabelon: form.dataset.skema, svar: answers }, null, 1)], { type: "application/json" }));
  link.download = form.dataset.skema + ".json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  changed = false;
  status.textContent = kept;
});

const file = document.createElement("input");
file.type = "file";
file.accept = ".json,application/json";
file.hidden = true;
file.addEventListener("change", async () => {
  try {
    const read = JSON.parse(await file.files[0].text());
    if (read.skabelon !== form.dataset.skema) throw 0;
    for (const e of fields) {
      const given = [read.svar?.[e.name] ?? []].flat().map(String);
      if (ticked(e)) e.checked = given.includes(e.value);
      else e.value = given[0] ?? "";
    }
    changed = false;
    status.textContent = from + file.files[0].name + ".";
  } catch {
    status.textContent = wrong;
  }
  file.value = "";
});
button(open, () => file.click());
button(paper, () => print());
panel.append(file, status);

// Where a box does not grow with its text, it does so before it is printed.
if (!CSS.supports("field-sizing", "content")) {
  addEventListener("beforeprint", () => fields.forEach((e) => e.rows && (e.style.height = e.scrollHeight + 4 + "px")));
}
form.addEventListener("input", () => (changed = true));
addEventListener("beforeunload", (e) => changed && e.preventDefault());
