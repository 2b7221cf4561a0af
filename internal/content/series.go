package content

import (
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kompetenceudvikling.dk/kompas/internal/fault"
)

// checkSeries holds each file of content/data/statistik against its record: it must
// read as a table, and each column but kilde must have a name to print.
func (d *Data) checkSeries(files map[string][]byte, faults *fault.List) {
	for name, s := range d.Series {
		file := dataDir + "statistik/" + name
		src, ok := files[file]
		if !ok {
			faults.Add(dataDir+"statistik.yaml", s.Line, "filen statistik/"+name+" findes ikke", "læg den i content/data/statistik/")
			continue
		}
		d.checkTable(file, name, src, s, faults)
	}
	for file := range files {
		name, ok := strings.CutPrefix(file, dataDir+"statistik/")
		if _, known := d.Series[name]; ok && !known {
			faults.Add(file, 0, "filen står ikke i content/data/statistik.yaml", "skriv den ind dér, eller slet den")
		}
	}
}

func (d *Data) checkTable(file, name string, src []byte, s Series, faults *fault.List) {
	r := csv.NewReader(strings.NewReader(string(src)))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		line := 1
		var e *csv.ParseError
		if errors.As(err, &e) {
			line = e.Line
		}
		faults.Add(file, line, "tabellen kan ikke læses", "skriv en linje med kolonnenavne og lige mange felter i hver række, delt med semikolon")
		return
	}
	for _, column := range rows[0] {
		if s.Columns != nil && column != "kilde" && s.Columns[column] == "" {
			faults.Add(dataDir+"statistik.yaml", s.Line, fmt.Sprintf("%s: kolonnen %s har intet navn", name, column), "skriv den under kolonner: med det navn, der skal stå på siden")
		}
	}
	if s.Bar != "" && !slices.Contains(rows[0], s.Bar) {
		faults.Add(dataDir+"statistik.yaml", s.Line, fmt.Sprintf("%s: søjlen %s er ikke en kolonne", name, s.Bar), choose(s.Bar, rows[0]))
	}
	if k := slices.Index(rows[0], "kilde"); k >= 0 {
		for i, row := range rows[1:] {
			d.checkSource(file, Ref{row[k], i + 2}, faults)
		}
	}
}
