// What an answer on a plain host may be narrowed by: loaded by soegeside.js, whose el, link,
// to and name it is given, when someone opens it.
const titles = { slags: "Slags", maalgruppe: "For hvem", sektor: "Sektor" };

// choices gives a heading and a list of links for each facet that the pages found have.
export function choices(facets, chosen, { el, link, to, name }) {
  return Object.entries(titles).flatMap(([key, title]) => {
    const choice = (id, text, n) => {
      const a = link(to({ [key]: id, fra: "" }), el("span", "", text), n && el("span", "n", n));
      if ((chosen[key] ?? "") == id) a.ariaCurrent = "true";
      return el("li", "", a);
    };
    const list = Object.entries(facets[key]).sort((a, b) => b[1] - a[1]).map(([id, n]) => choice(id, name(id), n));
    return list[0] ? [el("h3", "", title), el("ul", "", choice("", "Alle"), list)] : [];
  });
}
