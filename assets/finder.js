// Puts a box above a table to filter its rows by. Without it the table is whole.
for (const [n, finder] of [...document.querySelectorAll("[data-finder]")].entries()) {
  const rows = [...finder.querySelectorAll("tbody tr")];
  const fold = (s) => s.toLowerCase().replaceAll("æ", "ae").replaceAll("ø", "oe").replaceAll("å", "aa");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const count = document.createElement("p");
  label.textContent = finder.dataset.label;
  input.type = "search";
  input.id = `finder-${n + 1}`;
  input.autocomplete = "off";
  label.htmlFor = input.id;
  count.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = fold(row.textContent);
      row.hidden = !words.every((w) => text.includes(w));
      if (!row.hidden) shown++;
    }
    count.textContent = words.length ? `${shown} af ${rows.length} vises` : "";
  });
  finder.prepend(label, input, count);
}
