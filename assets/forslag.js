// Suggestions below a search box, after the ARIA combobox pattern. Without them the box
// is a box. A host that does not answer is not asked again.
for (const [n, input] of [...document.querySelectorAll("input[data-forslag]")].entries()) {
  const list = document.createElement("ul");
  const said = document.createElement("span");
  let chosen = -1, timer, asked = "", dead = false;
  list.id = `forslag-${n}`;
  list.className = "listbox";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Forslag");
  said.className = "vh";
  said.setAttribute("role", "status");
  input.parentElement.append(list, said);
  for (const [k, v] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(k, v);

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (to) => {
    const options = [...list.children];
    chosen = (to + options.length) % options.length;
    options.forEach((o, i) => o.setAttribute("aria-selected", String(i === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };
  const show = (found) => {
    close();
    list.replaceChildren(...found.map((f, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = f.title;
      option.dataset.to = f.url;
      option.addEventListener("mousedown", (e) => e.preventDefault()); // focus stays in the box
      option.addEventListener("click", () => { location.href = f.url; });
      return option;
    }));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = found.length === 1 ? "1 forslag" : `${found.length} forslag`;
  };
  const ask = async () => {
    const q = input.value.trim();
    asked = q;
    if (q.length < 3 || dead) return close();
    const answer = await fetch(`${input.dataset.forslag}?q=${encodeURIComponent(q)}`).catch(() => null);
    dead = !answer || answer.status === 404;
    if (answer?.ok && asked === q && document.activeElement === input) show(await answer.json());
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (e) => {
    if (list.hidden) return;
    if (e.key === "ArrowDown") choose(chosen + 1);
    else if (e.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
    else if (e.key === "Escape") close();
    else if (e.key === "Enter" && chosen >= 0) location.href = list.children[chosen].dataset.to;
    else return;
    e.preventDefault();
  });
}
